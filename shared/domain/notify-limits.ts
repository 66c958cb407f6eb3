/** Characters of one variable of a notification template. Source: help.aliyun.com/document_detail/101346.html, isv.PARAM_LENGTH_LIMIT. */
export const SMS_TEXT_CHARS = 35;

/** So many receivers one action may have. Our own bound: the caller waits for all of them. */
export const MAX_RECEIVERS = 100;

/** So many items one node of a playbook may run for. Our own bound, for the same reason. */
export const MAX_ITEMS = 100;

/** So many cells a playbook may have. Our own bound. */
export const MAX_CELLS = 2_000;
