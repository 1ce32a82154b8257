import { expect, test } from 'vitest';
import { published } from '../seeds/parts';
import { small } from '../seeds/small';
import { defaultAlias, type WorldFunction, type WorldProvisioned, type WorldTrigger } from '../world/scf';
import { parseWorld } from './parse-world';

const createdAt = Date.UTC(2026, 11, 11);

/** Parses sandbox data with a changed function `hello`, which has one version. */
function parsed(change: (fn: WorldFunction) => void) {
  const world = small('127.103.0.0/16', createdAt);
  const [account] = Object.values(world.accounts);
  const key = 'ap-singapore/default/hello';
  const hello = account?.functions[key];
  if (!account || !hello) throw new Error('no function');
  const fn = published(hello);
  change(fn);
  account.functions[key] = fn;
  return parseWorld(structuredClone(world));
}

function timer(cron: string): WorldTrigger {
  const plain = { name: 'tick', type: 'timer', qualifier: '$LATEST', enabled: true } as const;
  return { ...plain, cron, customArgument: '', description: '', createdAt, modifiedAt: createdAt };
}

function setting(qualifier: string, cron: string): WorldProvisioned {
  const schedule = [{ name: 'open', count: 1, cron }];
  return { qualifier, kind: 'Default', target: 0, from: 0, since: createdAt, schedule };
}

const alias = (name: string, version: string) => ({ ...defaultAlias(createdAt), name, version });

test('accepts sandbox data with consistent functions', () => {
  const fine = parsed((fn) => {
    fn.triggers = [timer('*/5 * * * *'), timer('0 0 3 * * * *')];
    fn.provisioned = [setting('1', '0 0 9 * * * *')];
    fn.aliases.push({ ...alias('live', '1'), extra: { version: '$LATEST', weight: 0.1 } });
  });
  expect(fine).toMatchObject({ ok: true });
});

test.each<[string, (fn: WorldFunction) => void]>([
  ['triggers.0.cron is not a cron expression', (fn) => fn.triggers.push(timer('daily'))],
  ['provisioned.0.schedule.0.cron is not', (fn) => fn.provisioned.push(setting('1', '* * * * *'))],
  ['provisioned.0 names the version 7', (fn) => fn.provisioned.push(setting('7', '0 0 9 * * * *'))],
  ['aliases.1 names the version 7', (fn) => fn.aliases.push(alias('live', '7'))],
  ['aliases must begin with $DEFAULT', (fn) => fn.aliases.shift()],
  [
    'lastVersion must be at least 1',
    (fn) => {
      fn.lastVersion = 0;
    },
  ],
])('reports the error: %s', (fault, change) => {
  expect(parsed(change)).toMatchObject({
    ok: false,
    error: expect.stringContaining(`functions.ap-singapore/default/hello.${fault}`),
  });
});
