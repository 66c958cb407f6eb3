const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text as the content of an element. */
const escapeXml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const characterOf = (code: string): string | undefined => {
  const point = /^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number(code);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
};

const unescapeXml = (text: string): string =>
  text
    .replaceAll(/&#(x[0-9a-f]{1,6}|\d{1,7});/gi, (whole, code: string) => characterOf(code) ?? whole)
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => NAMED[name] ?? '');

/** The inside of every element of that name, in order. The service nests no element in one of its own name. */
export const elementsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?(?:/>|>([\\s\\S]*?)</${name}>)`, 'g'))].map(
    ([, inside]) => inside ?? '',
  );

/** The text of the first element of that name; undefined when there is none. */
export const textIn = (xml: string, name: string): string | undefined => {
  const [inside] = elementsOf(xml, name);
  return inside === undefined ? undefined : unescapeXml(inside.trim());
};

/** One message to send: its body in base64, and whole seconds until it may be seen. */
export interface SmqMessage {
  base64: string;
  delaySeconds: number;
}

const messageXml = ({ base64, delaySeconds }: SmqMessage): string =>
  `<Message><MessageBody>${base64}</MessageBody><DelaySeconds>${delaySeconds}</DelaySeconds></Message>`;

const document = (content: string): string => `<?xml version="1.0" encoding="UTF-8"?>${content}`;

/** The body of BatchSendMessage. */
export const sendXml = (messages: readonly SmqMessage[]): string =>
  document(`<Messages xmlns="${NAMESPACE}">${messages.map(messageXml).join('')}</Messages>`);

/** The body of BatchDeleteMessage. */
export const deleteXml = (receipts: readonly string[]): string =>
  document(
    `<ReceiptHandles xmlns="${NAMESPACE}">${receipts
      .map((receipt) => `<ReceiptHandle>${escapeXml(receipt)}</ReceiptHandle>`)
      .join('')}</ReceiptHandles>`,
  );
