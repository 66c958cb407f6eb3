/** The dialogs. */
export const FORMS_STYLE = `
dialog { border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); padding: 18px 22px 20px; width: min(560px, calc(100vw - 24px)); max-height: calc(100dvh - 40px); box-shadow: 0 20px 60px #0004; }
dialog::backdrop { background: #0008; }
dialog > header { display: flex; align-items: center; gap: 12px; margin-bottom: 4px; }
dialog h2 { flex: 1; font-size: 17px; } dialog h3 { font-size: 13.5px; }
.hint { color: var(--dim); margin-bottom: 12px; } .hint b { color: var(--text); }
form { display: grid; gap: 12px; }
.field { display: grid; gap: 3px; font-size: 13px; color: var(--dim); }
.field small { font-size: 12px; }
.field :is(input:not([type=checkbox]), select, textarea) { width: 100%; min-width: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); color: var(--text); padding: 6px 10px; font-size: 14px; resize: vertical; }
.check { display: flex; gap: 8px; align-items: center; }
fieldset { border: 1px solid var(--line); border-radius: 10px; padding: 8px 12px 12px; margin: 0; min-width: 0; }
legend { font-size: 13px; color: var(--dim); padding: 0 4px; }
#code-rows { display: grid; gap: 8px; margin-bottom: 8px; } #code-rows:empty { margin: 0; }
.code-row { display: grid; grid-template-columns: 1.3fr .7fr 1.3fr .8fr auto; gap: 6px; align-items: end; }
.buttons { display: flex; gap: 8px; justify-content: flex-end; }
.strong { background: #c8400e; border-color: transparent; color: #fff; font-weight: 600; padding: 5px 16px; }
.strong.danger { background: #b3222a; }
#problem { color: var(--bad); white-space: pre-wrap; } #problem:empty { display: none; }
#faults-now { background: var(--soft); border-radius: 10px; padding: 8px 12px; margin-bottom: 12px; }
#faults-now li { display: flex; align-items: center; gap: 8px; } #faults-now li span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 560px) { .code-row { grid-template-columns: 1fr 1fr; border-bottom: 1px solid var(--line); padding-bottom: 8px; } .field :is(input, select, textarea) { font-size: 16px; } }
`;
