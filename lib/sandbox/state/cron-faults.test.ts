import { expect, test } from 'vitest';
import { small } from '../seeds/small';
import { parseWorld } from './parse-world';

function world() {
  const made = small('127.103.0.0/16', Date.UTC(2026, 11, 11));
  const [account] = Object.values(made.accounts);
  const fn = account?.functions['ap-singapore/default/hello'];
  if (!fn) throw new Error('no function');
  return { made, fn };
}

function timer(cron: string) {
  const plain = { name: 'tick', type: 'timer', qualifier: '$LATEST', enabled: true } as const;
  return { ...plain, cron, customArgument: '', description: '', createdAt: 0, modifiedAt: 0 };
}

function setting(cron: string) {
  const schedule = [{ name: 'open', count: 1, cron }];
  return { qualifier: '1', kind: 'Default', target: 0, from: 0, since: 0, schedule } as const;
}

test('a world with times that can be read is taken', () => {
  const { made, fn } = world();
  fn.triggers = [timer('*/5 * * * *'), timer('0 0 3 * * * *')];
  fn.provisioned = [{ ...setting('0 0 9 * * * *'), schedule: [...setting('0 0 9 * * * *').schedule] }];
  expect(parseWorld(structuredClone(made))).toMatchObject({ ok: true });
});

test('one with a time that can’t be read is refused, and the place named', () => {
  const broken = world();
  broken.fn.triggers = [timer('daily')];
  expect(parseWorld(structuredClone(broken.made))).toMatchObject({
    ok: false,
    error: expect.stringContaining('ap-singapore/default/hello.triggers.0.cron is not a cron expression'),
  });
  const short = world();
  short.fn.provisioned = [{ ...setting('* * * * *'), schedule: [...setting('* * * * *').schedule] }];
  expect(parseWorld(structuredClone(short.made))).toMatchObject({
    ok: false,
    error: expect.stringContaining('provisioned.0.schedule.0.cron'),
  });
});
