import { describe, expect, it } from 'vitest';
import { MailPools } from '../../shared/adapters/net/mail-pools.ts';
import { MailError, type MailServer } from '../../shared/ports/mail-transport.ts';

const serverOf = (user: string, changes: Partial<MailServer> = {}): MailServer => ({
  host: 'smtp.example.com',
  port: 465,
  implicitTls: true,
  user,
  password: 'code',
  ...changes,
});

interface Pool {
  name: string;
  closed: boolean;
  close(): void;
}

const world = () => {
  const made: Pool[] = [];
  const pools = new MailPools<Pool>(({ user }) => {
    const pool: Pool = {
      name: user,
      closed: false,
      close: () => {
        pool.closed = true;
      },
    };
    made.push(pool);
    return pool;
  });
  const use = (server: MailServer) => pools.use(server, async (pool) => pool.name);
  return { made, pools, use };
};

describe('pools of mail connections', () => {
  it('are one for each server, login and password', async () => {
    const { made, use } = world();
    const servers = [
      serverOf('a'),
      serverOf('b'),
      serverOf('a', { password: 'new' }),
      serverOf('a', { host: 'other.example.com' }),
      serverOf('a', { port: 587, implicitTls: false }),
    ];
    for (const server of [...servers, ...servers]) await use(server);
    expect(made).toHaveLength(servers.length);
  });

  it('are fifty at most: the one that was not used for the longest time goes', async () => {
    const { made, use } = world();
    for (let index = 0; index < 51; index += 1) await use(serverOf(`user-${index}`));
    expect(made.filter(({ closed }) => closed).map(({ name }) => name)).toEqual(['user-0']);
  });

  it('refuse one more while all fifty are at work, and take it when one of them is done', async () => {
    const { pools, use } = world();
    const finish: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => finish.push(resolve));
    const busy = Array.from({ length: 50 }, (_, index) => pools.use(serverOf(`user-${index}`), work));
    const failure = await use(serverOf('late')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MailError);
    expect(failure).toMatchObject({ code: 'EBUSY', sent: 'no' });
    finish[7]?.();
    await busy[7];
    expect(await use(serverOf('late'))).toBe('late');
    for (const done of finish) done();
    await Promise.all(busy);
    expect(pools.size).toBe(50);
  });

  it('are all closed at the end', async () => {
    const { made, pools, use } = world();
    await use(serverOf('a'));
    await use(serverOf('b'));
    pools.close();
    expect(made.every(({ closed }) => closed)).toBe(true);
    expect(pools.size).toBe(0);
  });
});
