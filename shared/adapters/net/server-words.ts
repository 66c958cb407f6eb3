const HAN = /\p{Script=Han}/u;
/** nodemailer hands over bytes that are no UTF-8 as one character each. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: every byte counts
const BYTES = /^[\u0000-\u00ff]*$/;
const HIGH = /[\u0080-\u00ff]/;

/** The words of a mail server as text: some Chinese ones answer in GBK, which nobody announces. Anything else stays as it is. */
export const serverWords = (response: string): string => {
  if (!(HIGH.test(response) && BYTES.test(response))) return response;
  const text = new TextDecoder('gbk').decode(Buffer.from(response, 'latin1'));
  return HAN.test(text) ? text : response;
};
