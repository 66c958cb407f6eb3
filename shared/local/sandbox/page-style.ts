/** Styles of the sandbox page, for light and dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #eef0f3; --side: #fff; --bubble: #fff; --text: #1b1f24; --dim: #66707c; --line: #dde1e6; --ok: #1a7f42; --bad: #c0262d; --link: #1668dc; --on: #e6effb; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --side: #1b1f24; --bubble: #242a31; --text: #e6e9ed; --dim: #93a0ad; --line: #313942; --ok: #5ac983; --bad: #ff7b7f; --link: #69a6ff; --on: #23344d; } }
* { box-sizing: border-box; }
body { margin: 0; display: flex; height: 100vh; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
nav { width: 250px; flex: none; background: var(--side); border-right: 1px solid var(--line); display: flex; flex-direction: column; }
nav h1 { font-size: 17px; margin: 16px; }
nav small { color: var(--dim); font-weight: normal; }
nav ul { list-style: none; margin: 0; padding: 0 8px; overflow: auto; flex: 1; }
nav li button { width: 100%; text-align: left; background: none; border: 0; color: inherit; font: inherit; padding: 8px; border-radius: 8px; cursor: pointer; }
nav li button[aria-current=true] { background: var(--on); }
nav li small { display: block; }
footer { padding: 12px 16px; border-top: 1px solid var(--line); color: var(--dim); font-size: 12px; }
footer button { font: inherit; }
main { flex: 1; overflow: auto; padding: 20px; }
.row { display: flex; gap: 12px; align-items: flex-start; margin: 0 0 16px; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #f0623a; color: #fff; display: grid; place-items: center; font-weight: 600; }
.bubble { background: var(--bubble); border-radius: 4px 12px 12px; padding: 10px 14px; max-width: 560px; min-width: 120px; overflow-wrap: anywhere; border: 1px solid var(--line); }
.bubble > * { margin: 0 0 6px; }
.bubble > :last-child { margin-bottom: 0; }
.bubble h1, .bubble h2, .bubble h3, .bubble h4 { font-size: 16px; line-height: 1.35; }
.bubble ul, .bubble ol { padding-left: 20px; }
.bubble blockquote { border-left: 3px solid var(--line); padding-left: 10px; color: var(--dim); }
.bubble a { color: var(--link); }
.at { color: var(--link); }
.row.refused .bubble { opacity: .6; border-style: dashed; }
.facts { font-size: 12px; color: var(--dim); max-width: 260px; overflow-wrap: anywhere; }
.facts b { color: var(--ok); }
.refused .facts b { color: var(--bad); }
.empty { color: var(--dim); text-align: center; margin-top: 20vh; }
details pre { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 520px; }
footer button { color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; cursor: pointer; }
@media (max-width: 720px) {
  body { flex-direction: column; height: 100dvh; }
  nav { position: relative; width: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  nav h1 { margin: 10px 16px 4px; }
  nav ul { display: flex; flex: none; gap: 6px; padding: 0 8px 8px; }
  nav li { flex: none; }
  nav li button { max-width: 60vw; padding: 6px 10px; }
  footer { position: absolute; top: 6px; right: 12px; padding: 0; border: 0; }
  footer p { display: none; }
  main { padding: 12px; }
  .row { flex-wrap: wrap; gap: 8px; }
  .avatar { width: 28px; height: 28px; font-size: 13px; }
  .bubble { flex: 1; }
  .facts { flex-basis: 100%; max-width: none; padding-left: 36px; }
}
`;
