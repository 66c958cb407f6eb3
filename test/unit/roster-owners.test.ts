import { describe, expect, it } from 'vitest';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import type { Contact, Settings } from '../../shared/domain/settings.ts';
import { dingtalk, file, kai, rosterOf } from '../support/roster-samples.ts';

describe('the owners of an address', () => {
  const lin: Contact = { name: 'lin', email: 'lin@example.com', phone: '13900000000' };
  const robot = targetKeyOf('dingtalk', dingtalk);
  const ownersOf = (settings: Settings, key = robot, deployed?: string[]) =>
    rosterOf(settings, deployed)
      .owners(key)
      .map(({ name, channel }) => `${name} ${channel}`);

  it('are the same contact by its other methods, and nobody is called while a mailbox is there', () => {
    expect(ownersOf(file([kai]))).toEqual(['contact kai email', 'contact kai inbox']);
    expect(ownersOf(file([kai]), robot, ['sms', 'voice'])).toEqual(['contact kai sms']);
    expect(ownersOf(file([kai]), robot, ['voice'])).toEqual(['contact kai voice']);
    expect(ownersOf(file([kai]), targetKeyOf('email', 'Kai@example.com'))).toEqual([
      'contact kai dingtalk',
      'contact kai inbox',
    ]);
  });

  it('are the recipients of Message Center when the contact has no other way, and by default the contact of the account', () => {
    const group: Contact = { name: 'group', webhook: { url: dingtalk } };
    const withCenter = (messageCenter: Settings['messageCenter']) => file([group, lin, kai], {}, { messageCenter });
    const alone = file([group, lin], {}, {});
    expect(ownersOf(alone)).toEqual([]);
    expect(ownersOf({ ...alone, messageCenter: { accountContact: 'lin' } })).toEqual(['contact lin email']);
    expect(ownersOf({ ...alone, messageCenter: { recipients: [], accountContact: 'lin' } })).toHaveLength(1);
    expect(ownersOf({ ...alone, messageCenter: { recipients: ['group'], accountContact: 'lin' } })).toEqual([]);
    expect(ownersOf(withCenter({ owners: ['lin'] }))).toEqual(['contact lin email']);
    expect(ownersOf(withCenter({ owners: ['group'] }))).toEqual(['contact kai email', 'contact kai inbox']);
  });

  it('of a chatbot and of a further robot of a pool are found as well', () => {
    const chatbots = [{ name: 'bot', url: `${dingtalk}9` }];
    const settings = file([lin], {}, { chatbots, messageCenter: { recipients: ['lin'] } });
    expect(ownersOf(settings, targetKeyOf('dingtalk', `${dingtalk}9`))).toEqual(['contact lin email']);
    const pooled = file([{ ...kai, webhook: { url: dingtalk, pool: [{ url: `${dingtalk}2` }] } }]);
    expect(ownersOf(pooled, targetKeyOf('dingtalk', `${dingtalk}2`))).toEqual([
      'contact kai email',
      'contact kai inbox',
    ]);
    expect(ownersOf(pooled, 'dingtalk:unknown')).toEqual([]);
  });

  it('are reached on the same channel only when there is no other', () => {
    const other: Contact = { name: 'lin', webhook: { url: `${dingtalk}2` } };
    const settings = file(
      [{ name: 'group', webhook: { url: dingtalk } }, other],
      {},
      {
        messageCenter: { owners: ['lin'] },
      },
    );
    expect(ownersOf(settings)).toEqual(['contact lin dingtalk']);
  });
});
