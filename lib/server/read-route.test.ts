import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { GET } from '@/app/api/read/[name]/route';
import { connections } from '@/lib/db/schema';
import { testContext } from '@/testing/server/test-context';

const context = testContext();

/** Reads a query by its name with the text of its input, and returns the status and the answer. */
async function get(name: string, input?: string) {
  const params = input === undefined ? '' : `?${new URLSearchParams({ input })}`;
  const answer = await GET(new Request(`http://127.0.0.1/api/read/${name}${params}`), {
    params: Promise.resolve({ name }),
  });
  return [answer.status, await answer.json()] as const;
}

it('answers a query with its input, which is JSON', async () => {
  await context.connect('test');
  expect(await get('navigation.count')).toMatchObject([200, { drifted: {} }]);
  expect(await get('estate.getSummary', '"test"')).toMatchObject([200, { sync: { state: 'never' } }]);
  expect(await get('binding.list', '{"connectionId":"test","query":"limit=1"}')).toMatchObject([
    200,
    { total: 2 },
  ]);
});

it('answers null for what does not exist', async () => {
  expect(await get('run.get', '"R-none"')).toEqual([200, null]);
});

it.each([
  ['a query that pages don’t read', 'session.list', undefined, 404],
  ['a name of every object', 'constructor', undefined, 404],
  ['no input', 'estate.get', undefined, 400],
  ['no JSON', 'estate.get', 'test', 400],
  ['another type', 'binding.list', '{"connectionId":1,"query":"limit=1"}', 400],
  ['an invalid address', 'binding.list', '{"connectionId":"test","query":"limit=500"}', 400],
  ['an input that is too deep', 'binding.list', `${'['.repeat(40)}${']'.repeat(40)}`, 400],
  [
    'an address that is too long',
    'estate.getMap',
    JSON.stringify({ connectionId: 'test', query: 'x'.repeat(17_000) }),
    400,
  ],
])('refuses %s', async (_what, name, input, status) => {
  await context.connect('test');
  const [answered, body] = await get(name, input);
  expect(answered).toBe(status);
  expect(JSON.stringify(body)).toMatch(/error|fields|form/);
});

it('refuses what the query refuses, and connections that were removed', async () => {
  const clock = { planId: 'P-none', t0: '2030-01-01T00:00:00.000Z', prewarmS: 60 };
  expect(await get('plan.check', JSON.stringify(clock))).toMatchObject([
    409,
    { form: { message: 'plan.gone' } },
  ]);
  await context.connect('test');
  await context.db.update(connections).set({ available: false }).where(eq(connections.id, 'test'));
  for (const input of ['"test"', '"nowhere"'])
    expect(await get('estate.get', input)).toMatchObject([409, { form: { message: 'connection.gone' } }]);
  await context.db.update(connections).set({ available: true }).where(eq(connections.id, 'test'));
});
