import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLog } from './log';
import { withLogFields } from './log-fields';

function logTo(secrets: readonly string[] = []) {
  const written: string[] = [];
  const log = createLog('worker', 'debug', { secrets, to: { write: (line) => void written.push(line) } });
  return { log, text: () => written.join(''), lines: () => written.map((line) => JSON.parse(line)) };
}

it('adds the current fields to each line, also in nested and concurrent calls', async () => {
  const { log, lines } = logTo();
  const work = (run: string) =>
    withLogFields({ run, step: null, attempt: 1 }, async () => {
      await Promise.resolve();
      await withLogFields({ step: 's2' }, async () => {
        await Promise.resolve();
        log.info({ action: 'CreateRule' }, 'inner');
      });
      log.info('outer');
    });
  await Promise.all([work('R-0001'), work('R-0002')]);
  log.info('elsewhere');
  const said = lines().map(({ run, step, attempt, action, msg }) => ({ run, step, attempt, action, msg }));
  expect(said.filter(({ run }) => run === 'R-0001')).toEqual([
    { run: 'R-0001', step: 's2', attempt: 1, action: 'CreateRule', msg: 'inner' },
    { run: 'R-0001', step: null, attempt: 1, action: undefined, msg: 'outer' },
  ]);
  expect(said.filter(({ run }) => run === 'R-0002')).toHaveLength(2);
  expect(said.at(-1)).toMatchObject({ run: undefined, msg: 'elsewhere' });
});

it('property: replaces U+0000 by U+FFFD, and otherwise writes the same JSON', () => {
  const odd = fc
    .array(fc.constantFrom('\0', '\\', 'u0000', '"', '\n', 'a', '\ud800', '😀'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(odd, odd, (field, message) => {
      const { log, text, lines } = logTo();
      log.info({ field, err: new Error(message) }, message);
      expect(text()).not.toContain('\0');
      const [line] = lines();
      const shown = (value: string) => value.replaceAll('\0', '\uFFFD');
      expect([line.field, line.err.message, line.msg]).toEqual([
        shown(field),
        shown(message),
        shown(message),
      ]);
    }),
  );
});

it('masks fields named like a secret', () => {
  const { log, text } = logTo();
  log.warn({ secretKey: 'AAAA', connection: { secretId: 'BBBB', token: 'CCCC' } }, 'oops');
  expect(text()).not.toMatch(/AAAA|BBBB|CCCC/);
});

it.each([
  ['the message', (secret: string) => [`called with ${secret}`]],
  ['a field of any name and depth', (secret: string) => [{ a: { b: { c: [secret] } } }, 'x']],
  ['an error, its stack and its cause', (s: string) => [{ err: new Error(s, { cause: new Error(s) }) }, 'x']],
  ['a URL', (secret: string) => [{ url: `postgres://spillway:${secret}@db/x` }, 'x']],
])('masks the value of a known secret, in %s', (_where, entry) => {
  const secret = 'k"e\\y-of-an-account';
  const { log, text } = logTo([secret, 'token-two']);
  const [first, ...rest] = entry(secret);
  log.error(first as object, ...(rest as string[]));
  log.error('and token-two');
  expect(text()).toContain('[secret]');
  expect(text()).not.toContain('of-an-account');
  expect(text()).not.toContain('token-two');
});

it('logs an error’s kind, message, code, stack and causes, and no other properties', () => {
  const { log, lines, text } = logTo();
  const extra = { code: '57P01', client: { processID: 17, secretKey: -795074557 } };
  log.warn({ err: Object.assign(new Error('broke', { cause: new Error('went away') }), extra) }, 'x');
  log.warn({ err: 'thrown as it is' }, 'x');
  expect(lines()[0].err).toMatchObject({ type: 'Error', code: '57P01', message: 'broke: went away' });
  expect(lines()[0].err.stack).toContain('log.test.ts');
  expect(lines()[1].err).toEqual({ message: 'thrown as it is' });
  expect(text()).not.toMatch(/secretKey|795074557/);
});

it('does not treat a short or missing value as a secret', () => {
  const { log, lines } = logTo(['', 'x']);
  log.info('an example');
  expect(lines()).toMatchObject([{ msg: 'an example' }]);
});
