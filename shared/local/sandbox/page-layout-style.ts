/** Colours, the two columns of the page, and the list of places. */
export const LAYOUT_STYLE = `
:root { color-scheme: light dark;
  --bg: #f2f4f7; --panel: #fff; --raise: #fff; --text: #16191d; --dim: #5a636e; --line: #dfe3e8; --soft: #eef1f4; --accent: #d9480f; --on: #fdece4; --link: #1257b8;
  --ok: #16703a; --ok-bg: #e3f5e9; --again: #5843c4; --again-bg: #ece9fb; --slow: #8a5300; --slow-bg: #fdf1d8; --bad: #b3222a; --bad-bg: #fce6e7; --lost: #7a3e8e; --lost-bg: #f5e8f9; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #0f1215; --panel: #16191d; --raise: #22272d; --text: #e8ebee; --dim: #9aa5b1; --line: #2c333b; --soft: #1d2227; --accent: #ff8a5c; --on: #3a251b; --link: #7ab2ff;
  --ok: #6fd693; --ok-bg: #14301f; --again: #b3a6ff; --again-bg: #262147; --slow: #f2bd5c; --slow-bg: #3a2b0e; --bad: #ff8f92; --bad-bg: #3f1d20; --lost: #dda4ee; --lost-bg: #33203a; } }
* { box-sizing: border-box; }
html, body { height: 100%; }
body { margin: 0; display: grid; grid-template: minmax(0, 1fr) / 310px minmax(0, 1fr); height: 100dvh; background: var(--bg); color: var(--text);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1, h2, h3, p, ul, dl, figure { margin: 0; padding: 0; }
ul { list-style: none; }
button, input, select, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: 4px 12px; }
button.quiet { border-color: transparent; background: none; color: var(--dim); padding: 4px 8px; }
button.quiet:hover { background: var(--soft); color: var(--text); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#main:focus, #scroll:focus { outline: none; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -99em; }
.skip:focus { left: 8px; top: 8px; z-index: 9; background: var(--panel); padding: 6px 12px; }
.line { display: flex; align-items: center; gap: 8px; min-width: 0; }
.beacon { flex: none; width: 30px; height: 30px; border-radius: 9px; background: linear-gradient(160deg, #ff8a4c, #d9380f); color: #fff; display: grid; place-items: center; font-weight: 700; }

#side { grid-column: 1; background: var(--panel); border-right: 1px solid var(--line); display: flex; flex-direction: column; min-height: 0; }
.brand { display: flex; align-items: center; gap: 10px; padding: 14px 12px 10px 16px; }
.brand h1 { flex: 1; font-size: 17px; line-height: 1.2; }
.brand small { color: var(--dim); font-weight: 400; font-size: 14px; }
#find { display: grid; gap: 6px; padding: 0 12px 10px; }
#find input, #find select { width: 100%; min-width: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); padding: 6px 10px; }
#find select { padding: 4px 4px; color: var(--dim); font-size: 13px; }
#places { flex: 1; overflow: auto; padding: 0 8px 8px; scrollbar-width: thin; }
#places h2 { font-size: 12px; font-weight: 600; color: var(--dim); padding: 10px 8px 3px; position: sticky; top: 0; background: var(--panel); z-index: 1; }
.place { display: flex; gap: 10px; align-items: center; width: 100%; text-align: left; border: 0; background: none; padding: 7px 8px; border-radius: 10px; }
.place:hover { background: var(--soft); }
.place[aria-current] { background: var(--on); }
.place .about { flex: 1; min-width: 0; }
.place b { flex: 1; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.place.unread b { font-weight: 700; }
.place time { color: var(--dim); font-size: 12px; flex: none; }
.preview { flex: 1; color: var(--dim); font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.badge { flex: none; background: #d3360b; color: #fff; font-size: 11px; line-height: 17px; min-width: 17px; border-radius: 9px; padding: 0 5px; text-align: center; font-weight: 600; }
.dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--bad); }
.dot.repeated { background: var(--again); } .dot.throttled { background: var(--slow); } .dot.lost { background: var(--lost); }
.mark { flex: none; width: 36px; height: 36px; border-radius: 10px; display: grid; place-items: center; color: #fff; font-weight: 600; font-size: 15px; background: #66707c; }
.mark.ding { background: #1272e6; } .mark.lark { background: linear-gradient(135deg, #00b3a4, #2f5cff); } .mark.wecom { background: #1c8f52; } .mark.slack { background: #4a154b; }
.mark.webhook { background: #3c4450; font-size: 13px; } .mark.mail { background: #b06a00; } .mark.sms { background: #14863c; } .mark.voice { background: #0b7285; } .mark.inbox { background: #7048c8; }
#side footer { display: flex; align-items: center; gap: 4px; border-top: 1px solid var(--line); padding: 8px 10px 8px 16px; font-size: 13px; }
#side footer a { margin-left: auto; color: var(--dim); text-decoration: none; padding: 4px 6px; }
#live { color: var(--dim); }
#live::before { content: ''; display: inline-block; width: 8px; height: 8px; border-radius: 50%; background: #2fae5f; margin-right: 6px; }
#live.off::before { background: #d3360b; }
#faults.on { background: var(--slow-bg); color: var(--slow); }

#main { grid-column: 2; display: flex; flex-direction: column; min-width: 0; min-height: 0; position: relative; container-type: inline-size; }
#head { display: flex; align-items: center; gap: 12px; min-height: 61px; padding: 8px 20px; background: var(--panel); border-bottom: 1px solid var(--line); }
#head:empty { display: none; }
#head .about { flex: 1; min-width: 0; }
#head h2 { font-size: 16px; line-height: 1.3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#head p { color: var(--dim); font-size: 12.5px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.back { display: none; border: 0; background: none; font-size: 26px; line-height: 1; padding: 2px 10px 6px 0; }
#panes { flex: 1; display: flex; min-height: 0; }
#scroll { flex: 1; overflow: auto; padding: 16px 20px 28px; min-width: 0; scrollbar-width: thin; }
#older { display: block; margin: 0 auto 12px; }
#below { position: absolute; bottom: 16px; left: 50%; transform: translateX(-50%); border-radius: 20px; box-shadow: 0 4px 16px #0003; background: var(--raise); }
.empty { display: grid; justify-items: center; gap: 10px; margin: 18vh auto 0; max-width: 380px; text-align: center; color: var(--dim); }
.empty h2 { color: var(--text); font-size: 17px; }
.empty .beacon { width: 52px; height: 52px; font-size: 24px; border-radius: 16px; }

@media (max-width: 760px) {
  body { grid-template-columns: minmax(0, 1fr); }
  #side { border-right: 0; }
  #side, #main { grid-column: 1; grid-row: 1; }
  #main { display: none; background: var(--bg); }
  body.open #main { display: flex; }
  body.open #side { display: none; }
  .back { display: block; }
  #head { padding: 6px 10px; gap: 8px; }
  #head .mark { width: 32px; height: 32px; }
  #scroll { padding: 12px 12px 20px; }
  .place { padding: 9px 8px; }
  button.quiet { min-height: 36px; }
  #find input { font-size: 16px; }
}
`;
