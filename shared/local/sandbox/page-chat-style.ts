/** The looks of the group chats: DingTalk, Lark, WeCom and Slack. */
export const CHAT_STYLE = `
.of-ding { background: #eef1f6; } .of-lark { background: #f5f6f7; } .of-wecom { background: #ebedf0; } .of-slack { background: #fff; }
@media (prefers-color-scheme: dark) { .of-ding { background: #14181f; } .of-lark { background: #131416; } .of-wecom { background: #121315; } .of-slack { background: #1a1d21; } }

.face.ding { border-radius: 50%; background: linear-gradient(160deg, #3d8bff, #0f5fd6); }
.bubble.ding { border-color: transparent; border-radius: 4px 12px 12px; box-shadow: 0 1px 2px #0000000f; }
.bubble.ding a { color: var(--link); text-decoration: none; } .bubble.ding a:hover { text-decoration: underline; }

.face.lark { border-radius: 50%; background: linear-gradient(135deg, #00b3a4, #2f5cff); }
.bubble.lark { border-radius: 8px; }

.face.wecom { border-radius: 5px; background: #2b7de1; }
.bubble.wecom { border-color: transparent; border-radius: 5px; position: relative; }

.face.slack { border-radius: 7px; background: #4a154b; }
.row.p-slack { padding: 4px 0; }
.p-slack .sender b { color: var(--text); font-weight: 800; font-size: 14.5px; }
.bubble.slack { background: none; border: 0; border-radius: 0; padding: 0; max-width: min(100%, 640px); }
.hidden-there .bubble.slack { border: 1px dashed var(--line); border-radius: 8px; padding: 6px 10px; }
.hidden-there .bubble { box-shadow: none; border-color: var(--line); }
.bubble.lark:has(.lark-card) { padding: 0; overflow: hidden; width: min(100%, 480px); }
.bubble.lark { --head: #1f3f94; --head-bg: #e1eaff; }
.lark-red { --head: #9b1c1c; --head-bg: #fde2e2; } .lark-carmine { --head: #8e1a54; --head-bg: #fce0ee; } .lark-orange { --head: #853d00; --head-bg: #fee7cd; } .lark-yellow { --head: #6b5200; --head-bg: #faf1c8; }
.lark-green, .lark-turquoise, .lark-wathet { --head: #1d5c18; --head-bg: #d9f5d6; } .lark-purple, .lark-violet, .lark-indigo { --head: #532a9e; --head-bg: #ece2fe; } .lark-grey { --head: #3b424b; --head-bg: #e9ebee; }
.lark-header { padding: 10px 14px; font-weight: 600; font-size: 15px; line-height: 1.4; background: var(--head-bg); color: var(--head); }
.lark-header :is(h1, h2, h3, h4, p) { margin: 0; }
.lark-subtitle { font-weight: 400; font-size: 13px; }
.lark-body { padding: 10px 14px 12px; } .lark-body > * { margin: 0 0 8px; } .lark-body > :last-child { margin-bottom: 0; }
.lark-button, .slack-button { display: inline-block; border: 1px solid var(--line); border-radius: 6px; padding: 4px 14px; text-decoration: none; color: var(--text); background: var(--panel); font-size: 14px; }
.lark-button.lark-primary { background: #2f66f2; border-color: #2f66f2; color: #fff; } .lark-button.lark-danger { color: #c6282b; border-color: currentColor; }
.lark-font-red { color: #c6282b; } .lark-font-orange { color: #b85a00; } .lark-font-green { color: #14863c; } .lark-font-grey { color: var(--dim); } .lark-font-blue { color: var(--link); }
.lark-note { color: var(--dim); font-size: 12.5px; } .lark-at, .wecom-at, .slack-at, .ding-at { color: var(--link); }
.lark-fields, .lark-columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 6px 14px; }

.wecom-info { color: #14863c; } .wecom-comment { color: var(--dim); } .wecom-warning { color: #b85a00; }
.bubble.wecom:has(.wecom-card) { width: min(100%, 380px); }
.wecom-card > * { margin: 0 0 8px; } .wecom-card > :last-child { margin: 0; }
.wecom-source, .wecom-desc { color: var(--dim); font-size: 13px; }
.wecom-source-red { color: #c6282b; } .wecom-source-green { color: #14863c; } .wecom-source-black { color: var(--text); }
.wecom-title { font-size: 16px; font-weight: 600; }
.wecom-emphasis { text-align: center; color: var(--dim); padding: 6px 0; } .wecom-emphasis strong { font-size: 26px; line-height: 1.2; color: var(--text); }
.wecom-quote { background: var(--soft); border-radius: 6px; padding: 6px 10px; }
.wecom-list { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 14px; } .wecom-list dt { color: var(--dim); } .wecom-list dd { margin: 0; }
.wecom-jump { display: block; border-top: 1px solid var(--line); padding-top: 8px; text-decoration: none; }

.bubble.slack > * { margin: 0 0 8px; } .bubble.slack p { margin: 0; }
.slack-fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 16px; max-width: 520px; }
.slack-actions { display: flex; flex-wrap: wrap; gap: 8px; }
.bubble.slack h4 { font-weight: 800; font-size: 17px; }
.slack-context { color: var(--dim); font-size: 12.5px; }
.slack-divider { border-top: 1px solid var(--line); height: 0; }
.slack-button { border-radius: 4px; font-weight: 700; } .slack-button.slack-primary { background: #007a5a; border-color: #007a5a; color: #fff; } .slack-button.slack-danger { color: #c4183c; border-color: currentColor; }
.slack-attachment { border-left: 4px solid var(--line); padding-left: 12px; }
@media (prefers-color-scheme: dark) {
  .bubble.lark { --head: #b9cdff; --head-bg: #1b2c52; }
  .lark-red, .lark-carmine { --head: #ffc2c2; --head-bg: #4a1d1d; } .lark-orange { --head: #ffd0a3; --head-bg: #47290d; } .lark-yellow { --head: #f5e39b; --head-bg: #3f350c; }
  .lark-green, .lark-turquoise, .lark-wathet { --head: #b8ecb3; --head-bg: #1b3a1a; } .lark-purple, .lark-violet, .lark-indigo { --head: #d9c7ff; --head-bg: #33235a; } .lark-grey { --head: #d5dae0; --head-bg: #2b3036; }
  .lark-button.lark-danger, .slack-button.slack-danger, .lark-font-red, .wecom-source-red { color: #ff8f92; } :is(.wecom-info, .lark-font-green, .wecom-source-green) { color: #5ac983; } .lark-font-orange, .wecom-warning { color: #f2a65c; }
}
`;
