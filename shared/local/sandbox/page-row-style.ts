/** One message: where it stands, and the slip with the provider's answer beside it. */
export const ROW_STYLE = `
.day { text-align: center; margin: 6px 0 14px; }
.day span { font-size: 12px; color: var(--dim); background: var(--soft); border-radius: 10px; padding: 2px 10px; }
.row { display: grid; grid-template-columns: auto minmax(0, 560px) minmax(220px, 290px); gap: 2px 14px; align-items: start; max-width: 960px; margin: 0 0 18px; }
.row > .body { grid-column: 2; min-width: 0; }
.row > .slip { grid-column: 3; }
.row > .where { grid-column: 1 / -1; justify-self: start; border: 0; background: none; color: var(--dim); font-size: 12.5px; padding: 0 0 4px; }
.row > .where:hover { color: var(--link); text-decoration: underline; }
.face { width: 38px; height: 38px; border-radius: 9px; display: grid; place-items: center; color: #fff; font-weight: 600; background: linear-gradient(160deg, #ff8a4c, #d9380f); }
.sender { display: flex; align-items: baseline; gap: 6px; font-size: 12.5px; color: var(--dim); margin-bottom: 3px; }
.sender b { font-weight: 500; }
.tag { font-size: 10.5px; line-height: 15px; padding: 0 5px; border-radius: 4px; background: var(--soft); color: var(--dim); border: 1px solid var(--line); }
.bubble { width: fit-content; max-width: min(100%, 600px); min-width: 90px; overflow-wrap: anywhere; background: var(--raise); border: 1px solid var(--line); border-radius: 4px 12px 12px; padding: 9px 13px; }
.bubble > *, .bubble :is(p, h1, h2, h3, h4, h5, h6, ul, ol, dl, pre, hr, blockquote, table) { margin: 0 0 6px; }
.bubble :last-child { margin-bottom: 0; }
.bubble :is(h1, h2, h3, h4, h5, h6) { font-size: 15px; line-height: 1.4; }
.bubble :is(ul, ol) { list-style: revert; padding-left: 20px; }
.bubble blockquote { border-left: 3px solid var(--line); padding-left: 10px; color: var(--dim); }
.bubble hr { border: 0; border-top: 1px solid var(--line); }
.bubble code { background: var(--soft); border-radius: 4px; padding: 1px 4px; }
.bubble pre { background: var(--soft); border-radius: 8px; padding: 8px 10px; overflow: auto; max-height: 340px; white-space: pre-wrap; }
.bubble pre code { padding: 0; background: none; }
.bubble table { border-collapse: collapse; } .bubble :is(td, th) { border: 1px solid var(--line); padding: 3px 8px; text-align: left; }
.bubble .plain { white-space: pre-wrap; }
.bubble .at { color: var(--link); }
.picture { color: var(--dim); border: 1px dashed var(--line); border-radius: 6px; padding: 6px 10px; display: inline-block; }
.nothing { color: var(--dim); font-style: italic; }
.hidden-there .bubble { border-style: dashed; }
.hidden-there .bubble > * { opacity: .72; }
.hidden-there .face { filter: grayscale(1); opacity: .6; }

.slip { font-size: 12.5px; line-height: 1.45; color: var(--dim); border-left: 2px solid var(--line); padding: 1px 0 1px 10px; min-width: 0; overflow-wrap: anywhere; }
.slip .line { flex-wrap: wrap; gap: 3px 8px; }
.slip p { margin-top: 2px; }
.slip .words { color: var(--text); }
.slip .fault { color: var(--slow); }
.slip .key { display: flex; gap: 5px; white-space: nowrap; } .slip .key code { overflow: hidden; text-overflow: ellipsis; }
.slip code { color: var(--text); }
.chip { display: inline-flex; align-items: center; gap: 4px; font-weight: 600; font-size: 12px; line-height: 18px; border-radius: 9px; padding: 0 8px; color: var(--ok); background: var(--ok-bg); white-space: nowrap; }
.chip i { font-style: normal; font-size: 11px; }
.chip.repeated { color: var(--again); background: var(--again-bg); }
.chip.throttled { color: var(--slow); background: var(--slow-bg); }
.chip.refused { color: var(--bad); background: var(--bad-bg); }
.chip.lost { color: var(--lost); background: var(--lost-bg); }
.slip:has(.repeated) { border-color: var(--again); } .slip:has(.throttled) { border-color: var(--slow); } .slip:has(.refused) { border-color: var(--bad); } .slip:has(.lost) { border-color: var(--lost); } .slip:has(.delivered) { border-color: var(--ok); }
.raws { display: flex; flex-wrap: wrap; gap: 0 12px; margin-top: 3px; }
.raws details[open] { flex-basis: 100%; }
summary { cursor: pointer; color: var(--dim); width: fit-content; border-radius: 4px; }
summary:hover { color: var(--link); }
.raw { position: relative; margin: 4px 0; }
.raw pre { margin: 0; white-space: pre-wrap; overflow: auto; max-height: 320px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; color: var(--text); }
.raw .copy { position: absolute; right: 4px; top: 4px; font-size: 12px; padding: 1px 8px; background: var(--panel); }

@container (max-width: 760px) {
  .row { grid-template-columns: auto minmax(0, 1fr); max-width: none; margin-bottom: 16px; }
  .row > .slip { grid-column: 2; margin-top: 6px; }
  .face { width: 32px; height: 32px; border-radius: 8px; font-size: 14px; }
}
`;
