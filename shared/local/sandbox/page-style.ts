import { CHAT_STYLE } from './page-chat-style.ts';
import { DEVICE_STYLE } from './page-device-style.ts';
import { FORMS_STYLE } from './page-forms-style.ts';
import { LAYOUT_STYLE } from './page-layout-style.ts';
import { ROW_STYLE } from './page-row-style.ts';

/** Styles of the sandbox page, for light and dark, wide and narrow. */
export const PAGE_STYLE = [LAYOUT_STYLE, ROW_STYLE, CHAT_STYLE, DEVICE_STYLE, FORMS_STYLE].join('');
