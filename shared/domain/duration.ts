const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How a duration is written: a whole number and one of `ms s m h d`, such as `90s`, `5m`, `2h`, `30d`. */
export const DURATION_FORM = /^(\d{1,9})(ms|s|m|h|d)$/;

/** How an interval is written: `none` or a duration. */
export const INTERVAL_FORM = /^(none|\d{1,9}(ms|s|m|h|d))$/;

/** Milliseconds of a written duration, 0 for `none`; undefined when the text is neither. */
export const durationMs = (text: string): number | undefined => {
  if (text === 'none') return 0;
  const [, amount, unit] = DURATION_FORM.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
};

/** Milliseconds of an interval that the settings schema has checked; what is left out or unreadable means no interval. */
export const intervalMsOf = (text: string | undefined): number => (text === undefined ? 0 : (durationMs(text) ?? 0));
