import type { Level } from '../../domain/level.ts';

/** What colours a mail, what its badge says, and what a list of mails shows of it. */
export interface Look {
  color: string;
  badge: string;
  preview: string;
}

/** Dark enough for white letters on them (contrast 4.5 or more). */
export const LEVEL_COLORS: Readonly<Record<Level, string>> = {
  critical: '#c11c1c',
  high: '#c2410c',
  medium: '#a16207',
  low: '#1d5fd1',
  info: '#52606d',
};

/** The colour of a test message, which has no level. */
export const TEST_COLOR = '#0f766e';

/** Fonts that phones and computers have, Chinese ones among them. */
export const FONT =
  "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

const WRAP = 'overflow-wrap:anywhere;word-break:break-word';

/** Styles of the parts; mail programs drop most of a style sheet, so they stand in the elements. */
export const STYLE = {
  page: 'margin:0;padding:0;background:#eef1f5;-webkit-text-size-adjust:100%',
  frame: 'padding:16px 10px 24px',
  card: `max-width:600px;background:#ffffff;border-radius:12px;font-family:${FONT};text-align:left`,
  inside: 'padding:18px 20px 22px',
  pillLine: 'margin:0 0 12px;line-height:24px',
  pill: 'display:inline-block;padding:1px 12px;border-radius:12px;color:#ffffff;font-size:13px;font-weight:600',
  brand: 'float:right;font-size:13px;color:#65707d',
  title: `margin:0 0 14px;font-size:20px;line-height:1.35;font-weight:650;color:#16202c;${WRAP}`,
  table: 'border-collapse:collapse;margin:0 0 4px',
  label:
    'padding:9px 14px 9px 0;width:84px;vertical-align:top;font-size:13px;line-height:1.5;color:#65707d;border-top:1px solid #e5e9ee',
  value: `padding:9px 0;vertical-align:top;font-size:15px;line-height:1.45;color:#16202c;border-top:1px solid #e5e9ee;${WRAP}`,
  heading: 'margin:18px 0 6px;font-size:13px;line-height:1.5;font-weight:600;color:#65707d',
  item: `padding:9px 0;font-size:14px;line-height:1.5;color:#16202c;border-top:1px solid #e5e9ee;${WRAP}`,
  paragraph: `margin:8px 0 0;font-size:15px;line-height:1.6;color:#16202c;${WRAP}`,
  buttonLine: 'margin:22px 0 2px',
  button:
    'display:block;padding:12px 20px;border-radius:8px;color:#ffffff;font-size:16px;font-weight:600;text-align:center;text-decoration:none',
  footer:
    'max-width:600px;margin:14px auto 0;padding:0 12px;font-size:12px;line-height:1.6;color:#65707d;text-align:center',
} as const;

/** Colours for readers in the dark; programs that drop this turn the light ones around by themselves. */
export const DARK_STYLE =
  ':root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){.page{background:#0e1318!important}.card{background:#1a212a!important}.ink{color:#e8ecf1!important}.dim{color:#9aa6b4!important}.line{border-color:#2b3541!important}}';
