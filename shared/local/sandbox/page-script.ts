import { DOM_SCRIPT } from './page-dom-script.ts';
import { FORMS_SCRIPT } from './page-forms-script.ts';
import { MESSAGE_SCRIPT } from './page-message-script.ts';
import { PLACES_SCRIPT } from './page-places-script.ts';
import { SETTINGS_SCRIPT } from './page-settings-script.ts';
import { START_SCRIPT } from './page-start-script.ts';
import { STATE_SCRIPT } from './page-state-script.ts';
import { STREAM_SCRIPT } from './page-stream-script.ts';
import { PAGE_WORDS } from './page-words.ts';

/** Script of the sandbox page, plain JavaScript of the browser in one scope. */
export const PAGE_SCRIPT = [
  "'use strict';",
  `const WORDS = ${JSON.stringify(PAGE_WORDS).replaceAll('<', '\\u003c')};`,
  DOM_SCRIPT,
  STATE_SCRIPT,
  PLACES_SCRIPT,
  MESSAGE_SCRIPT,
  STREAM_SCRIPT,
  FORMS_SCRIPT,
  SETTINGS_SCRIPT,
  START_SCRIPT,
].join('\n');
