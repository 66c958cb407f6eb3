/** Gives a new secret, named for where it is put. */
type Plant = (name: string) => string;

/** Files that are wrong in every way that a person can be wrong with a secret in hand. */
export const wrongFiles = (real: Record<string, unknown>, secret: Plant): string[] => {
  const wrong: Record<string, unknown>[] = [
    { ...real, language: secret('as a language') },
    { ...real, timezone: secret('as a time zone') },
    { ...real, account: secret('as an account') },
    { ...real, [`${secret('as a key')}0123456789`]: 1 },
    { ...real, contacts: [{ name: 'a', email: secret('as a mail address') }] },
    { ...real, contacts: [{ name: 'a', phone: secret('as a phone') }] },
    { ...real, contacts: [{ name: 'a', password: secret('under an unknown key') }] },
    { ...real, contacts: [{ name: 'a', webhook: secret('instead of an object') }] },
    { ...real, contacts: [{ name: 'a', webhook: { url: secret('as a URL') } }] },
    { ...real, contacts: [{ name: 'a', webhook: { url: 'https://a.example.com/', type: secret('as a type') } }] },
    { ...real, contactGroups: [{ name: 'all', contacts: [`SEC${secret('as a reference')}0123456789`] }] },
    { ...real, chatbots: [{ name: 'b', url: 'https://a.example.com/', interval: secret('as an interval') }] },
    { ...real, chatbots: [{ name: 'b', url: 'https://a.example.com/', secret: `***${secret('behind a mask')}` }] },
    { ...real, chatbots: [{ name: 'b', url: `https://a.example.com/…${secret('behind the mask of a URL')}` }] },
    { ...real, resourceInstances: [{ assetname: 'm', emailUsername: 'a', emailPassword: [secret('in a list')] }] },
    { ...real, resourceInstances: secret('instead of a list') },
    { ...real, subscriptions: [{ name: 's', policy: 'now', levels: [secret('as a level')] }] },
    { ...real, subscriptions: [{ name: 's', policy: `https://a.example.com/${secret('as a policy')}` }] },
  ];
  return wrong.map((file) => JSON.stringify(file));
};

/** Types and texts that nobody can read, each with a secret in it. */
export const brokenFiles = (secret: Plant): [string, string][] => [
  ['application/json', `{"chatbots":[{"name":"b","secret":"${secret('in broken JSON')}" "url"`],
  ['application/json', `${secret('instead of JSON')}`],
  ['application/yaml', `chatbots:\n  - secret: ${secret('in broken YAML')}\n   url: [`],
  ['application/yaml', `a: &${secret('as an anchor')} *${secret('as an alias')}`],
  ['application/yaml', `a: !${secret('as a tag')} 1\n? ${secret('as a YAML key')}\n: {`],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
  ['application/yaml', 'language: "${env:FENGHUO_TOKEN}${env:FENGHUO_SECRET_KEY}"'],
  [`text/${secret('as a type of content')}`, '{}'],
];
