import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { budgetLines, budgetsOf } from './budgets.ts';
import { costLines } from './cost.ts';
import { FIGURES_FILE, type Figures } from './figures.ts';
import { DOCUMENTED } from './prices.ts';
import { PROVIDER_MS } from './provider-time.ts';

const { values } = parseArgs({
  options: {
    figures: { type: 'string', default: FIGURES_FILE },
    'smq-million': { type: 'string' },
    'write-units': { type: 'string' },
    'provider-ms': { type: 'string', default: String(PROVIDER_MS) },
  },
});

const figures = JSON.parse(readFileSync(values.figures, 'utf8')) as Figures;
const prices = {
  ...DOCUMENTED,
  ...(values['smq-million'] === undefined ? {} : { smqMillion: Number(values['smq-million']) }),
  ...(values['write-units'] === undefined ? {} : { writeUnits: Number(values['write-units']) }),
};
const cost = costLines(figures, { prices, providerMs: Number(values['provider-ms']) });
process.stdout.write(`${cost}\n\n${budgetLines(budgetsOf(figures.measured))}\n`);
