/** Part of the page's script: the dialogs for fault knobs and for clearing. */
export const FORMS_SCRIPT = String.raw`
const SUGGESTED = {
  dingtalk: ['130101', '410100', '310000', '300005', '430102', '-1', 'waf'],
  lark: ['11232', '9499', '19001', '19021', '19024', '11246', '1500'],
  wecom: ['45009', '45033', '93000', '40058', '-1'],
  slack: ['429', 'invalid_token', 'no_service', 'invalid_blocks', 'channel_is_archived', '503'],
  webhook: ['503', '429', '410', '404', '302'],
  email: ['535', '421', '450', '451', '550', '553', '554'],
  sms: ['isv.BUSINESS_LIMIT_CONTROL', 'isv.MOBILE_NUMBER_ILLEGAL', 'isv.AMOUNT_NOT_ENOUGH', 'isp.SYSTEM_ERROR'],
  voice: ['isv.BUSINESS_LIMIT_CONTROL', 'isv.VOICE_CALL_FAIL', 'isv.OUT_OF_SERVICE', 'isp.SYSTEM_ERROR'],
};
const openDialog = (title, ...content) => {
  const dialog = at('dialog');
  dialog.replaceChildren(
    el('header', {}, el('h2', { id: 'dialog-title', textContent: title }), button('✕', () => dialog.close(), { className: 'quiet', attrs: { 'aria-label': word('close') } })),
    ...content);
  if (!dialog.open) dialog.showModal();
};
let fields = 0;
const field = (label, input, hint) => {
  fields += 1;
  input.id = 'field-' + fields;
  if (hint) input.setAttribute('aria-describedby', 'hint-' + fields);
  return el('div', { className: 'field' }, el('label', { htmlFor: input.id, textContent: label }), input, hint ? el('small', { id: 'hint-' + fields, textContent: hint }) : '');
};
const numberField = (name, most, step = 'any') => el('input', { name, type: 'number', min: '0', max: most, step });
const alertLine = () => el('p', { id: 'problem', attrs: { role: 'alert' } });
const guarded = (work) => async (event) => {
  event.preventDefault();
  at('problem').textContent = '';
  try { await work(event); } catch (error) { at('problem').textContent = word('failed') + ' ' + error.message; }
};
const formOf = (work, ...content) => el('form', { onsubmit: guarded(work) }, ...content, alertLine());
const numberIn = (input, scale = 1) => (input.value === '' ? undefined : Number(input.value) / scale);
const codeIn = (text) => (/^-?\d+$/.test(text) ? Number(text) : text);
const percent = (share) => String(Math.round(share * 10000) / 100);
const without = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ''));

const codeRow = ({ code = '', probability = 1, message = '', status = '' } = {}) => {
  const row = el('div', { className: 'code-row', attrs: { role: 'group', 'aria-label': word('codes') } });
  row.append(
    field(word('code'), el('input', { name: 'code', value: code, required: true, attrs: { list: 'suggested' } })),
    field(word('chance'), el('input', { name: 'chance', type: 'number', min: '0', max: '100', step: 'any', value: percent(probability), required: true })),
    field(word('message'), el('input', { name: 'message', value: message })),
    field(word('status'), el('input', { name: 'status', type: 'number', min: '200', max: '599', value: status })),
    button('✕', () => row.remove(), { className: 'quiet', attrs: { 'aria-label': word('remove') } }));
  return row;
};
const codesIn = (form) => [...form.querySelectorAll('.code-row')].map((row) => {
  const [code, chance, message, status] = row.querySelectorAll('input');
  return without({ code: codeIn(code.value.trim()), probability: numberIn(chance, 100), message: message.value, status: numberIn(status) });
});
const faultWords = ({ codes = [], latencyMs, reset, retryAfter }) => [
  ...codes.map(({ code, probability = 1 }) => code + ' (' + percent(probability) + ' %)'),
  latencyMs ? '+' + latencyMs + ' ms' : '', reset ? '⚡ ' + percent(reset) + ' %' : '', retryAfter === undefined ? '' : 'Retry-After ' + retryAfter,
].filter(Boolean).join(' · ');
const faultLine = (entry, again) => el('li', {},
  el('span', {}, el('b', { textContent: (entry.provider ? providerName(entry.provider) : word('everything')) + (entry.target ? ', ' + word('onlyFor') + ' ' + entry.target : '') }), ' ' + faultWords(entry)),
  button(word('remove'), () => put('/sandbox/api/faults', without({ provider: entry.provider, target: entry.target })).then(again), { className: 'quiet' }));
const drawFaultsNow = (faults) => {
  const again = (answer) => { targets.faults = answer.faults.length; drawFaultsNow(answer.faults); fillFaultForm(answer.faults); showPlaces(); };
  at('faults-now').replaceChildren(
    el('h3', { textContent: faults.length ? word('faultsNow') : word('noFaults') }),
    el('ul', {}, ...faults.map((entry) => faultLine(entry, again))),
    faults.length ? button(word('allOff'), () => call('/sandbox/api/faults', { method: 'DELETE' }).then(again)) : '');
};
const fillFaultForm = (faults) => {
  const form = at('fault-form');
  const provider = form.elements.for.value;
  const entry = faults.find((each) => (each.provider ?? '') === provider && each.target === undefined) ?? {};
  at('code-rows').replaceChildren(...(entry.codes ?? []).map(codeRow));
  form.elements.latency.value = entry.latencyMs ?? '';
  form.elements.reset.value = entry.reset === undefined ? '' : percent(entry.reset);
  form.elements.retryAfter.value = entry.retryAfter ?? '';
  at('suggested').replaceChildren(...(SUGGESTED[provider] ?? []).map((value) => el('option', { value })));
};
const saveFaults = async () => {
  const form = at('fault-form');
  const { latency, reset, retryAfter } = form.elements;
  const { faults } = await put('/sandbox/api/faults', without({
    provider: form.elements.for.value, codes: codesIn(form), latencyMs: numberIn(latency), reset: numberIn(reset, 100), retryAfter: codeIn(retryAfter.value.trim()),
  }));
  targets.faults = faults.length;
  drawFaultsNow(faults);
  say(word('saved'));
  showPlaces();
};
const openFaults = async (provider = '') => {
  const { faults } = await call('/sandbox/api/faults');
  const choice = el('select', { name: 'for', onchange: async () => fillFaultForm((await call('/sandbox/api/faults')).faults) }, option('', word('everything')), ...ORDER.filter((name) => name !== 'inbox').map((name) => option(name, providerName(name))));
  choice.value = provider;
  const form = formOf(saveFaults, field(word('faultProvider'), choice),
    el('fieldset', {}, el('legend', { textContent: word('codes') }), el('div', { id: 'code-rows' }), button(word('addCode'), () => at('code-rows').append(codeRow()))),
    field(word('latency'), numberField('latency', '60000')), field(word('reset'), numberField('reset', '100')), field(word('retryAfter'), el('input', { name: 'retryAfter' })),
    el('datalist', { id: 'suggested' }), el('div', { className: 'buttons' }, el('button', { className: 'strong', textContent: word('save') })));
  form.id = 'fault-form';
  openDialog(word('faultTitle'), el('p', { className: 'hint', textContent: word('faultIntro') }), el('div', { id: 'faults-now' }), form);
  drawFaultsNow(faults);
  fillFaultForm(faults);
};

const openClear = () => openDialog(word('clearSure'), formOf(async () => {
  await call('/sandbox/api/messages', { method: 'DELETE' });
  at('dialog').close();
  await tick();
}, el('p', { className: 'hint', textContent: word('clearKept') }), el('div', { className: 'buttons' }, button(word('cancel'), () => at('dialog').close()), el('button', { className: 'strong danger', textContent: word('clear') }))));
`;
