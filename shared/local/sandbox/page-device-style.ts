/** The looks of mailboxes, phones, receivers of webhooks and the inbox. */
export const DEVICE_STYLE = `
.row.log > .body, .row.mail > .body { grid-column: 1 / 3; }
.bubble.webhook, .bubble.inbox, .bubble.other { border-radius: 10px; width: 100%; }
.bubble.webhook h3 { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px; }

.in-phone .row, .in-calls .row, .in-phone .day, .in-calls .day { position: relative; }
.in-phone #stream, .in-calls #stream { position: relative; padding: 52px 0 34px; min-height: min(100%, 640px); }
.in-phone #stream::before, .in-calls #stream::before { pointer-events: none; content: ''; position: absolute; inset: 0 auto 0 0; width: 384px; border: 9px solid #17191d; border-radius: 40px; background: var(--panel); box-shadow: 0 10px 30px #0002; }
.in-phone #stream::after, .in-calls #stream::after { content: ''; position: absolute; top: 20px; left: 142px; width: 100px; height: 22px; border-radius: 12px; background: #17191d; }
@media (prefers-color-scheme: dark) { :is(.in-phone, .in-calls) #stream::before { border-color: #353b43; background: #0b0c0e; } :is(.in-phone, .in-calls) #stream::after { background: #353b43; } }
.in-phone .day, .in-calls .day { width: 384px; }
.in-phone .row, .in-calls .row { grid-template-columns: 348px 270px; gap: 2px 34px; padding-left: 24px; }
.in-phone .row > .body, .in-calls .row > .body { grid-area: 1 / 1; width: 336px; }
.in-phone .row > .slip, .in-calls .row > .slip { grid-area: 1 / 2; }
.mixed .row.phone > .body, .mixed .row.calls > .body { grid-column: 1 / 3; }
.row.phone .sender { justify-content: center; } .mixed .row.phone .sender { justify-content: flex-start; padding-left: 12px; }
.bubble.sms { border: 0; border-radius: 18px 18px 18px 5px; background: #e9e9ed; color: #111; max-width: 290px; font-size: 15px; line-height: 1.42; }
.bubble.voice { border-radius: 16px; width: 100%; max-width: 340px; background: var(--soft); }
.ring { display: flex; align-items: center; gap: 12px; } .ring time { display: block; color: var(--dim); font-size: 12.5px; }
.handset { flex: none; width: 38px; height: 38px; border-radius: 50%; display: grid; place-items: center; color: #fff; background: #1d9a48; font-size: 18px; }
.hidden-there .handset { background: #c0333b; }
.bubble.voice figure { border-left: 3px solid var(--line); padding-left: 10px; font-size: 14px; }
@media (prefers-color-scheme: dark) { .bubble.sms { background: #2b2d31; color: #f1f2f4; } }

.in-mail #scroll { flex: 0 0 330px; padding: 8px; border-right: 1px solid var(--line); background: var(--panel); }
.in-mail .row { grid-template-columns: minmax(0, 1fr); margin: 0 0 2px; }
.in-mail .row > .body { grid-column: 1; }
.in-mail .day { margin: 8px 0 4px; text-align: left; } .in-mail .day span { background: none; padding: 0 8px; }
.mail-summary { display: grid; gap: 1px; width: 100%; text-align: left; border: 0; border-radius: 10px; padding: 8px 10px; background: none; }
.mixed .mail-summary { border: 1px solid var(--line); background: var(--raise); }
.mail-summary:hover { background: var(--soft); } .mail-summary[aria-current] { background: var(--on); }
.mail-summary .line > b:first-child { flex: 1; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mail-summary time { color: var(--dim); font-size: 12px; }
.subject { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hidden-there .mail-summary b, .hidden-there .subject { color: var(--dim); }
#reader { flex: 1; min-width: 0; display: flex; flex-direction: column; padding: 16px 20px 0; background: var(--panel); overflow: auto; }
#reader > .nothing { margin: 20vh auto; }
#reader header { display: flex; align-items: center; }
#reader h3 { font-size: 18px; line-height: 1.35; overflow-wrap: anywhere; }
#reader dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 1px 12px; margin: 8px 0 10px; font-size: 13px; }
#reader dt { color: var(--dim); } #reader dd { margin: 0; overflow-wrap: anywhere; }
#tabs { display: flex; gap: 4px; margin-top: 10px; border-bottom: 1px solid var(--line); }
#tabs button { border: 0; border-bottom: 2px solid transparent; border-radius: 6px 6px 0 0; background: none; color: var(--dim); padding: 5px 12px; }
#tabs button[aria-selected=true] { color: var(--text); border-bottom-color: var(--accent); font-weight: 600; }
#part { flex: 1 0 420px; display: flex; margin: 0 -20px; min-height: 0; }
#part iframe { flex: 1; width: 100%; border: 0; background: #fff; color-scheme: light; }
#part pre { flex: 1; margin: 0; padding: 16px 20px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }
#part .nothing { padding: 20px; }

@container (max-width: 760px) {
  .in-phone .row, .in-calls .row { grid-template-columns: minmax(0, 1fr); padding: 0 22px; gap: 4px; width: 384px; max-width: 100%; }
  :is(.in-phone, .in-calls) .row > .body { width: auto; }
  :is(.in-phone, .in-calls) .row > .slip { grid-area: 2 / 1; }
  :is(.in-phone, .in-calls) :is(#stream::before, .day) { max-width: 100%; }
}
@media (max-width: 760px) {
  :is(.in-phone, .in-calls) #stream { padding: 0; }
  :is(.in-phone, .in-calls) #stream::before, :is(.in-phone, .in-calls) #stream::after { display: none; }
  :is(.in-phone, .in-calls) .row { padding: 0; width: auto; } :is(.in-phone, .in-calls) .day { width: auto; }
  .in-mail #scroll { flex: 1; border: 0; }
  body:not(.reading) #reader { display: none; }
  body.reading .in-mail #scroll, body.reading #head { display: none; }
  #reader { padding: 10px 14px 0; } #part { margin: 0 -14px; flex-basis: 60vh; }
}
`;
