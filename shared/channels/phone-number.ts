/** A phone number as people may write it, understood. */
export type PhoneNumber =
  /** A mobile number of the mainland: 11 digits. */
  | { kind: 'mainland'; national: string }
  /** Any other number: digits with the country code and without a plus sign. */
  | { kind: 'abroad'; digits: string };

/** What people put between digits. */
const SEPARATORS = /[\s().\u00a0-]+/g;
/** Eleven digits from 13 to 19; other prefixes are land lines and service numbers. */
const MAINLAND_MOBILE = /^1[3-9]\d{9}$/;
/** Source: ITU-T E.164, at most 15 digits; no country has numbers below 7 with its code. */
const E164 = /^[1-9]\d{6,14}$/;

const MAINLAND_CODE = '86';

/** The digits with the country code; a number without one can only be a mobile number of the mainland. */
const internationalDigits = (text: string): string | undefined => {
  const compact = text.normalize('NFKC').replace(SEPARATORS, '');
  if (compact.startsWith('+')) return compact.slice(1);
  if (compact.startsWith('00')) return compact.slice(2);
  if (MAINLAND_MOBILE.test(compact)) return `${MAINLAND_CODE}${compact}`;
  return MAINLAND_MOBILE.test(compact.slice(2)) && compact.startsWith(MAINLAND_CODE) ? compact : undefined;
};

/**
 * Reads `+8613800000000`, `0086 138-0000-0000`, `8613800000000`, `13800000000`, or with a plus sign any number in the world.
 * Undefined when it is none that can be dialled; a mainland number that is no mobile number is none.
 */
export const phoneNumberOf = (text: string): PhoneNumber | undefined => {
  const digits = internationalDigits(text);
  if (digits === undefined || !E164.test(digits)) return undefined;
  if (!digits.startsWith(MAINLAND_CODE)) return { kind: 'abroad', digits };
  const national = digits.slice(MAINLAND_CODE.length);
  return MAINLAND_MOBILE.test(national) ? { kind: 'mainland', national } : undefined;
};

/** Every spelling of the number that must not stand in an explanation. */
export const spellingsOf = (address: string, number: PhoneNumber): string[] =>
  number.kind === 'mainland'
    ? [address, number.national, `${MAINLAND_CODE}${number.national}`]
    : [address, number.digits];
