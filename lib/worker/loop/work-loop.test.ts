import pino from 'pino';
import { expect, it } from 'vitest';
import { StoredValueError, workLoop } from './work-loop';

const start = Date.parse('2026-01-01T00:00:00Z');

function loopAt() {
  let ms = start;
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const loop = workLoop('switches', { log, now: () => new Date(ms) });
  const tried: string[] = [];
  const broken = new Set(['b']);
  const idle = new Set<string>();
  return {
    loop,
    lines,
    tried,
    broken,
    idle,
    pass: (addMs: number) => (ms += addMs),
    round: (objects = ['a', 'b']) =>
      loop.each(
        objects,
        (object) => `switch ${object}`,
        async (object) => {
          tried.push(object);
          if (broken.has(object)) throw new StoredValueError('policy: arm it again');
          return !idle.has(object);
        },
      ),
  };
}

it('continues with the others, reports the failing one and pauses it with increasing delays', async () => {
  const { loop, round, pass, tried } = loopAt();
  await round();
  expect(tried).toEqual(['a', 'b']);
  expect(loop.problems()).toEqual([
    {
      loop: 'switches',
      object: 'switch b',
      message: 'policy: arm it again',
      failures: 1,
      since: '2026-01-01T00:00:00.000Z',
      retryAt: '2026-01-01T00:00:01.000Z',
    },
  ]);
  pass(999);
  await round();
  expect(tried).toEqual(['a', 'b', 'a']);
  pass(1);
  await round();
  expect(loop.problems()).toMatchObject([{ failures: 2, retryAt: '2026-01-01T00:00:03.000Z' }]);
  for (let times = 0; times < 20; times += 1) {
    pass(30_000);
    await round();
  }
  expect(loop.problems()).toMatchObject([{ failures: 22, since: '2026-01-01T00:00:00.000Z' }]);
});

it('logs whenever the number of failures has doubled', async () => {
  const { round, pass, lines } = loopAt();
  for (let times = 0; times < 16; times += 1) {
    await round();
    pass(30_000);
  }
  expect(lines.map((line) => JSON.parse(line).failures)).toEqual([1, 2, 4, 8, 16]);
});

it('forgets items that work again or no longer exist', async () => {
  const { loop, round, pass, broken, idle } = loopAt();
  await round();
  broken.delete('b');
  idle.add('b');
  pass(1000);
  await round();
  expect(loop.problems()).toMatchObject([{ object: 'switch b' }]);
  idle.delete('b');
  await round();
  expect(loop.problems()).toEqual([]);
  broken.add('a');
  await round();
  expect(loop.problems()).toMatchObject([{ object: 'switch a' }]);
  await round(['b']);
  expect(loop.problems()).toEqual([]);
});

it('continues when the clock is set back', async () => {
  const { round, pass, tried } = loopAt();
  await round();
  pass(-3_600_000);
  await round();
  expect(tried).toEqual(['a', 'b', 'a', 'b']);
});

it('shows no text of unexpected errors, and no characters that the database can’t store', async () => {
  const { loop } = loopAt();
  const failWith = (error: Error) =>
    loop.each(
      ['one'],
      (name) => name,
      async () => {
        throw error;
      },
    );
  await failWith(new Error('select secret from account'));
  expect(JSON.stringify(loop.problems())).not.toContain('secret');
  await loop.each([], String, async () => true);
  await failWith(new StoredValueError('half a pair \ud800 and \0'));
  expect(loop.problems()[0]?.message).toBe('half a pair \u{fffd} and \u{fffd}');
});
