import { Validator } from '@seriousme/openapi-schema-validator';
import type { ValidateFunction } from 'ajv';
import Ajv from 'ajv/dist/2020';
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { problemType } from '@/lib/contract/problem';
import { apiRateLimits, apiRequests, apiTokens, plans } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { Role } from '@/lib/policy/roles';
import { queryNames, verbNames } from '@/lib/policy/verbs';
import { createToken } from '@/lib/server/auth/change-tokens';
import { findDefinition } from '@/lib/server/definitions';
import { testSplit } from '@/testing/plan/test-estate';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';
import { listPathParams, readBodySchema } from './input-schema';
import { rateLimit, resetRateLimit } from './limit-rate';
import { getAnswerSchema, listAnswerParts, readAnswerSchema } from './openapi';
import { notServed, operations } from './operations';
import { readInput } from './read-input';
import { findOperation } from './serve-api';

/* The API over HTTP, behind the gate, on a real database. */

const context = testContext();
const server = await startTestApi();
afterAll(() => server.stop());

const tokens = new Map<Role, string>();
async function tokenFor(role: Role): Promise<string> {
  const known = tokens.get(role);
  if (known !== undefined) return known;
  const made = await createToken({ name: role, role, days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  tokens.set(role, made.value.token);
  return made.value.token;
}

beforeEach(async () => {
  await context.clear();
  await context.connect('sandbox');
  await context.db.delete(apiRequests);
});
afterAll(async () => {
  await context.db.delete(apiTokens);
});

type Asked = {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly role?: Role;
};

const ajv = new Ajv({ strict: false, validateFormats: false });
/** The operations whose answers were compared with their schemas. */
const checked = new Map<string, ValidateFunction>();

/** Compares the answer of an operation with the schema that the description has of it. */
function checkAnswer(method: string, path: string, text: string): void {
  const found = findOperation(method, path.split('?')[0] ?? '');
  if (!('operation' in found)) return;
  const { operation } = found;
  const schema = readAnswerSchema(operation);
  if (schema === null || operation.text !== undefined) return;
  const components = { schemas: listAnswerParts() };
  const isValid = checked.get(operation.name) ?? ajv.compile({ ...schema, components });
  checked.set(operation.name, isValid);
  expect([operation.name, isValid(JSON.parse(text)), isValid.errors]).toEqual([operation.name, true, null]);
}

async function ask(path: string, { method = 'GET', body, headers = {}, role = 'administrator' }: Asked = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenFor(role)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status === 200) checkAnswer(method, path, text);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

/** The body of a plan on the test estate: the examples of the documentation are for the sandbox's seed. */
const splitBody = { connectionId: 'sandbox', diversion: testSplit(), diversionId: null };

const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body, headers });
const find = (name: string) => {
  const found = operations.find((operation) => operation.name === name);
  invariant(found !== undefined, `there is ${name}`);
  return found;
};
async function plan(): Promise<{ readonly planId: string; readonly hash: string }> {
  const created = await post('/plans', splitBody);
  const { planId } = created.json;
  return { planId, hash: (await ask(`/plans/${planId}`)).json.hash };
}

describe('the table of operations', () => {
  it('has each verb and each query once, or the reason why not', () => {
    const served = operations.map(({ name }) => name);
    const left = Object.keys(notServed);
    expect([...served, ...left].sort()).toEqual([...verbNames, ...queryNames].sort());
  });

  it('has each place once', () => {
    const places = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('has a name for each path parameter that is one of the input', () => {
    for (const operation of operations)
      expect([operation.name, findDefinition(operation.name) !== undefined]).toEqual([operation.name, true]);
  });

  it.each(operations.filter((each) => readBodySchema(each) !== null && each.file === undefined))(
    'has an example of the body of $name that is valid',
    (operation) => {
      const path = Object.fromEntries(
        listPathParams(operation).map((name) => [name, name === 'kind' ? 'sandbox' : '1']),
      );
      const input = readInput(operation, { path, query: new URLSearchParams(), body: operation.example });
      const schema = operation.input ?? findDefinition(operation.name)?.schema;
      expect(operation.example).toBeDefined();
      expect(input).toMatchObject({ ok: true });
      expect(schema?.safeParse(input.ok && input.value)).toMatchObject({ success: true });
    },
  );
});

describe('the description', () => {
  it('is a valid OpenAPI 3.1 document with every operation', async () => {
    const { status, json } = await ask('/openapi.json');
    expect(status).toBe(200);
    // Plans name what a step creates by `$id`. The validator takes a property of this name for the keyword.
    const named = JSON.parse(JSON.stringify(json).replaceAll('"$id":', '"created id":'));
    expect(await new Validator().validate(named)).toEqual({ valid: true });
    const ids = Object.values<Record<string, { operationId: string }>>(json.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(operations.map(({ name }) => name).sort());
    expect(JSON.stringify(json)).not.toContain('"$ref":"#/$defs');
  });

  it('has a schema of the answer of each operation, to which the answers of these tests conform', () => {
    const without = operations.filter(
      ({ name, text, answer }) =>
        text === undefined && answer === undefined && getAnswerSchema({ name }) === undefined,
    );
    expect(without).toEqual([]);
    const reads = operations.filter(({ method, text }) => method === 'GET' && text === undefined);
    expect(reads.filter((operation) => readAnswerSchema(operation) === null)).toEqual([]);
    expect(readAnswerSchema(find('plan.get'))).toMatchObject({ properties: { findings: { type: 'array' } } });
    expect(readAnswerSchema(find('alertChannel.remove'))).toBeNull();
  });

  it('is a page with a style of its own nonce and no script', async () => {
    const { headers, text } = await ask('/docs');
    expect(headers.get('content-type')).toContain('text/html');
    const [, nonce] =
      /style-src 'self' 'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '') ?? [];
    expect(text).toContain(`<style nonce="${nonce}">`);
    expect(text).not.toContain('<script');
    for (const { name } of operations) expect(text).toContain(`id="${name}"`);
  });
});

describe('a read', () => {
  const listed = operations.filter(
    ({ method, path, name }) =>
      method === 'GET' && !path.includes('{') && !name.startsWith('sandbox.') && name !== 'object.search',
  );
  it.each(listed)('answers as $name describes: $path', async ({ path, list, answer, text, name }) => {
    const found = await ask(path);
    // Without sign-in there are no people.
    expect([name, found.status]).toEqual([name, name === 'user.list' ? 404 : 200]);
    if (text !== undefined || name === 'user.list') return;
    const value = list === undefined || list === 'rows' ? found.json : found.json.items;
    if (answer !== undefined) expect(answer.safeParse(value)).toMatchObject({ success: true });
  });

  it('of a connection answers with its parts', async () => {
    for (const part of ['estate', 'summary', 'drift', 'map', 'bindings', 'functions', 'test-invocations'])
      expect([part, (await ask(`/connections/sandbox/${part}`)).status]).toEqual([part, 200]);
    const csv = await ask('/connections/sandbox/bindings.csv?q=flash');
    expect(csv.headers.get('content-disposition')).toMatch(
      /^attachment; filename="bindings-sandbox-.*\.csv"$/,
    );
  });

  it('of something that does not exist is a problem', async () => {
    const { status, headers, json } = await ask('/plans/P-9999');
    expect([status, headers.get('content-type')]).toEqual([404, problemType]);
    expect(json).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such object.',
      fix: 'Check the ID.',
      code: 'request.notFound',
    });
  });

  it('of a list comes in pages, which later entries don’t shift', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await plan()).planId);
    const first = await ask('/diversions?limit=2');
    expect(first.json.items).toHaveLength(2);
    await plan();
    const next = await ask(`/diversions?limit=2&cursor=${first.json.nextCursor}`);
    const seen = [...first.json.items, ...next.json.items].map((item) => item.newest.planId);
    expect(seen).toEqual(ids);
    expect(next.json.nextCursor).toBeNull();
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      `cursor=${Buffer.from('D-9999').toString('base64url')}`,
      'cursor=',
      'after=D-0001',
    ])
      expect([query, (await ask(`/diversions?${query}`)).status]).toEqual([query, 422]);
  });

  it('of rows comes in pages, too', async () => {
    const all = await ask('/connections/sandbox/bindings');
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await ask(
        `/connections/sandbox/bindings?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...json.rows);
      cursor = json.nextCursor;
    }
    expect(seen).toEqual(all.json.rows);
    expect(seen.length).toBeGreaterThan(1);
  });

  it('with a parameter that does not exist is refused', async () => {
    expect(await ask('/connections/sandbox/bindings?serch=flash')).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'serch', code: 'request.unknownParameter' }] },
    });
    expect(await ask('/connections/sandbox/changes?from=yesterday')).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'from' }] },
    });
  });
});

describe('a change', () => {
  it('plans, applies and rolls back as the dashboard does', async () => {
    const { planId, hash } = await plan();
    const stored = await ask(`/plans/${planId}`);
    expect(find('plan.get').answer?.safeParse(stored.json)).toMatchObject({ success: true });
    expect(await planHash(stored.json.plan)).toBe(hash);
    const applied = await post(`/plans/${planId}/apply`, { hash });
    expect(applied).toMatchObject({ status: 200, json: { runId: expect.stringMatching(/^R-/) } });
    const run = await ask(`/runs/${applied.json.runId}`);
    expect(find('run.get').answer?.safeParse(run.json)).toMatchObject({ success: true });
    expect(run.json.actor).toBe('local');
    expect(await post(`/runs/${applied.json.runId}/command`, { command: 'leaveAsIs' })).toMatchObject({
      status: 204,
      text: '',
    });
    const schedule = await ask('/schedule');
    expect(schedule.status).toBe(200);
  });

  it('names each invalid field with its code and what to do', async () => {
    const { connectionId, diversion } = splitBody;
    const { status, json } = await post('/plans', { connectionId, diversion: { ...diversion, name: '' } });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      detail: 'One field is not valid.',
      fix: 'name: Enter a name.',
      errors: [{ field: 'name', code: 'name.missing', detail: 'Enter a name.' }],
    });
  });

  it('says why the state does not allow it, and what to do', async () => {
    const { planId, hash } = await plan();
    await post(`/plans/${planId}/apply`, { hash });
    expect(await post(`/plans/${planId}/apply`, { hash })).toMatchObject({
      status: 409,
      json: {
        code: 'plan.alreadyRun',
        detail: expect.stringMatching(/^This plan has already been applied, as run R-\d+\.$/),
        fix: 'Create a new plan to apply further changes.',
      },
    });
    expect(await post(`/plans/P-9999/apply`, { hash })).toMatchObject({
      status: 404,
      json: { code: 'plan.gone' },
    });
    expect(await post(`/plans/${planId}/apply`, { hash: 'f'.repeat(64) })).toMatchObject({
      status: 409,
      json: { code: 'plan.otherHash' },
    });
  });

  // `every-operation.test.ts` has each operation with each role.
  it('is refused to a role without the right', async () => {
    const answer = await ask('/plans/P-0001/apply', { method: 'POST', role: 'viewer', body: { hash: 'h' } });
    expect(answer).toMatchObject({ status: 403, json: { code: 'role.notPermitted' } });
  });

  it('with a field that does not exist is refused', async () => {
    expect(await post('/tokens', { name: 'CI', role: 'viewer', day: 3 })).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'day', code: 'request.unknownField' }] },
    });
    expect(await post('/plans/P-0001/apply', [])).toMatchObject({ status: 422 });
  });

  it.each(['/plans', '/plans/preview'])('with one inside a diversion is refused by %s', async (path) => {
    const example = structuredClone(splitBody) as unknown as {
      diversion: { routes: { to: string }[] };
    };
    Object.assign(example.diversion, { expectedPeekRps: 900, t0: '2030-12-12T00:00:00Z' });
    const at = example.diversion.routes.findIndex(({ to }) => to === 'function');
    Object.assign(example.diversion.routes[at] ?? {}, { provisionned: 3 });
    expect(await post(path, example)).toMatchObject({
      status: 422,
      json: {
        errors: [
          {
            field: `diversion.routes.${at}.provisionned`,
            code: 'request.unknownField',
            detail: 'There is no such field. Did you mean “provisioned”?',
          },
          {
            field: 'diversion.expectedPeekRps',
            detail: 'There is no such field. Did you mean “expectedPeakRps”?',
          },
          { field: 'diversion.t0', detail: 'There is no such field. Remove it.' },
        ],
      },
    });
    expect(await context.db.$count(plans)).toBe(0);
  });

  it('with a removed setting of a rehearsal is refused', async () => {
    const body = { hash: '0'.repeat(64), settings: { seed: 7, http: true } };
    expect(await post('/plans/P-0001/rehearsals', body)).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'settings.http', code: 'request.unknownField' }] },
    });
  });

  it('for a diversion that does not exist is refused', async () => {
    const example = splitBody;
    for (const path of ['/plans', '/plans/preview'])
      expect(await post(path, { ...Object(example), diversionId: 'D-9999' })).toMatchObject({
        status: 404,
        json: { code: 'diversion.gone' },
      });
  });

  it.each([
    ['no JSON', '{', 400, 'request.notJson'],
    ['too deep', `${'['.repeat(40)}${']'.repeat(40)}`, 422, 'input.tooLarge'],
  ])('with %s is refused', async (_, body, status, code) => {
    expect(await post('/plans', body)).toMatchObject({ status, json: { code } });
  });

  it('needs application/json', async () => {
    expect(await post('/plans', '{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  });

  it('by a token can’t create tokens', async () => {
    expect(await post('/tokens', { name: 'CI', role: 'viewer', days: 3 })).toMatchObject({
      status: 403,
      json: { code: 'token.byToken' },
    });
  });

  it('imports an exported plan', async () => {
    const { planId } = await plan();
    const exported = await ask(`/plans/${planId}/export/json`);
    expect(exported.headers.get('content-disposition')).toBe(`attachment; filename="${planId}.json"`);
    expect(await post('/plans/import', exported.text)).toMatchObject({
      status: 200,
      json: { planId: expect.stringMatching(/^P-/) },
    });
    expect(await post('/plans/import', '{"format":9}')).toMatchObject({
      status: 422,
      json: { code: 'plan.import.otherFormat' },
    });
  });
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'a' };

  it('makes a repeated request do nothing and get the first answer', async () => {
    const example = splitBody;
    const first = await post('/plans', example, key);
    const again = await post('/plans', example, key);
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await ask('/diversions')).json.items).toHaveLength(1);
    const refused = await post('/plans', { ...Object(example), connectionId: 'other' }, key);
    expect(refused).toMatchObject({ status: 422, json: { code: 'request.keyReused' } });
  });

  it('also repeats a refusal and an answer without a value', async () => {
    const first = await post('/plans/P-9999/apply', { hash: '1' }, key);
    expect(await post('/plans/P-9999/apply', { hash: '1' }, key)).toMatchObject({
      status: 404,
      text: first.text,
    });
    const stop = { reason: 'test' };
    const other = { 'idempotency-key': 'b' };
    const synced = await post('/connections/sandbox/sync', undefined, other);
    expect(synced.status).toBe(204);
    expect((await post('/connections/sandbox/sync', undefined, other)).status).toBe(204);
    expect((await post('/emergency-stop', stop, other)).status).toBe(422);
  });

  it('is accepted once among requests at the same time', async () => {
    const example = splitBody;
    const answers = await Promise.all([1, 2, 3].map(() => post('/plans', example, key)));
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers) expect([200, 409]).toContain(answer.status);
    expect((await ask('/diversions')).json.items).toHaveLength(1);
  });

  it('of another token is another key', async () => {
    const example = splitBody;
    await post('/plans', example, key);
    await ask('/plans', { method: 'POST', body: example, headers: key, role: 'operator' });
    expect((await ask('/diversions')).json.items).toHaveLength(2);
  });

  it('keeps no secret: the answer of a repeated request says so', async () => {
    const feed = await post('/calendar-feeds', { name: 'Phone' }, key);
    expect(feed.json.token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await context.db.select().from(apiRequests))).not.toContain(feed.json.token);
    expect(await post('/calendar-feeds', { name: 'Phone' }, key)).toMatchObject({
      status: 409,
      json: { code: 'request.keySecret' },
    });
  });
});

describe('every answer', () => {
  it('has the state of the rate limit, which refuses requests beyond it', async () => {
    const role = 'approver';
    const first = await ask('/policies', { role });
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=600;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"default";r=599;t=\d+$/);
    const token = await tokenFor(role);
    const prefix = token.slice(0, 12);
    for (let count = 1; count < rateLimit.requests; count += 100)
      await Promise.all(
        Array.from({ length: Math.min(100, rateLimit.requests - count) }, () => ask('', { role })),
      );
    const refused = await ask('/policies', { role });
    expect(refused).toMatchObject({ status: 429, json: { code: 'request.tooMany' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
    expect((await ask('/policies')).status).toBe(200);
    // Another dashboard counts in the same place.
    const [row] = await context.db.select().from(apiRateLimits).where(eq(apiRateLimits.key, prefix));
    expect(row?.points).toBeGreaterThanOrEqual(rateLimit.requests);
    await resetRateLimit(prefix);
    expect((await ask('/policies', { role })).headers.get('ratelimit')).toMatch(/r=599/);
    await context.db
      .update(apiRateLimits)
      .set({ points: rateLimit.requests })
      .where(eq(apiRateLimits.key, prefix));
    expect((await ask('/policies', { role })).status).toBe(429);
    await resetRateLimit(prefix);
  });

  it('to an unknown operation says what there is', async () => {
    expect(await ask('/plan')).toMatchObject({ status: 404, json: { code: 'request.noOperation' } });
    const other = await ask('/plans/P-0001', { method: 'DELETE' });
    expect(other).toMatchObject({ status: 405, json: { code: 'request.otherMethod' } });
    expect(other.headers.get('allow')).toBe('GET');
    expect((await ask('/plans/%zz')).status).toBe(404);
  });

  it('to a wrong token is a problem', async () => {
    const headers = { authorization: 'Bearer spw_wrong' };
    const answer = await ask('/plans/P-0001', { headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, problemType]);
  });
});

it('gives the answers that the description has', () => {
  expect(checked.size).toBeGreaterThan(20);
});
