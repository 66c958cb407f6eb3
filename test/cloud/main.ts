import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../../shared/cli/build.ts';
import { budgetLines, budgetsOf } from './budgets.ts';
import { CloudRig } from './cloud-rig.ts';
import { EventSender } from './event-sender.ts';
import { FIGURES_FILE, type Figures } from './figures.ts';
import { figuresPage } from './figures-page.ts';
import { fullRun } from './full-run.ts';
import { measure, measureIdle } from './measure.ts';
import { runLines } from './run-lines.ts';
import { SCENARIOS } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '5' },
    /** `measure`, `run`, or both. */
    part: { type: 'string', default: 'all' },
    out: { type: 'string', default: FIGURES_FILE },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const measureAll = async (bundleDir: string): Promise<Pick<Figures, 'measured' | 'idle'>> => {
  const rig = await CloudRig.deploy(bundleDir, { pullers: 1 });
  try {
    rig.cloud.stopTimers();
    const idle = await measureIdle(rig);
    const sender = new EventSender(rig);
    const measured: Figures['measured'] = [];
    for (const scenario of SCENARIOS) {
      say(`measuring ${scenario.name}`);
      measured.push(await measure(rig, sender, scenario));
    }
    return { measured, idle };
  } finally {
    await rig.close();
  }
};

/** Events among faults and kills. */
const runAll = async (bundleDir: string): Promise<Figures['run']> => {
  say(`\nsending ${values.events} events among faults and kills`);
  const rig = await CloudRig.deploy(bundleDir, { timeFactor: 0.02, duplicateChance: 0.02, seed: Number(values.seed) });
  try {
    return await fullRun(rig, Number(values.events));
  } finally {
    await rig.close();
  }
};

const known = (): Figures => JSON.parse(readFileSync(values.out, 'utf8')) as Figures;

/** Only the part that was asked for is done anew; the other is that of the run before. */
const figuresAnew = async (bundleDir: string): Promise<Figures> => {
  const { measured, idle } = values.part === 'run' ? known() : await measureAll(bundleDir);
  say(budgetLines(budgetsOf(measured)));
  const run = values.part === 'measure' ? known().run : await runAll(bundleDir);
  say(`\n${runLines(run)}`);
  return { measured, idle, run };
};

const bundleDir = mkdtempSync(join(tmpdir(), 'fenghuo-cloud-run-'));
try {
  await buildAll(bundleDir);
  const figures = await figuresAnew(bundleDir);
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(values.out.replace(/json$/, 'md'), figuresPage(figures));
  say(`\nwritten to ${values.out}`);
} finally {
  rmSync(bundleDir, { recursive: true, force: true });
}
