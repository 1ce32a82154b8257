import { once } from 'node:events';
import { createServer } from 'node:http';
import type { StringAnswer } from 'dns-packet';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, plans, runAttempts, runEvents, runs, runVantages } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { noLimits } from '@/lib/policy/access';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createToken } from '@/lib/server/auth/change-tokens';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { readVantages } from '@/lib/store/runs/read-vantages';
import { type NameServer, nameServerRecord, startNameServer } from '@/testing/cloud/test-name-server';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testListener, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';
import { giveGrants } from '@/testing/server/test-person';
import { exitCodes } from './base/exit-codes';
import { runCli } from './run-cli';

/* The agent against the API, over HTTP, on a real database, with a resolver of the test. */

const context = testContext();
let server: Awaited<ReturnType<typeof startTestApi>>;
let resolver: NameServer;
/** The answers of the resolver for the addresses of a name. */
let records: (name: string) => readonly StringAnswer[];
let token = '';
let runId: RunId;
const direction = 'apply';
const at = () => new Date(Date.now() - 60_000).toISOString();

async function makeToken(role: 'agent' | 'viewer'): Promise<string> {
  const made = await createToken({ name: role, role, days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  return made.value.token;
}

beforeAll(async () => {
  [server, resolver] = await Promise.all([
    startTestApi(),
    startNameServer(({ name, type }) => (type === 'A' ? records(name) : [])),
  ]);
  token = await makeToken('agent');
});
afterAll(async () => {
  resolver.close();
  await context.db.delete(apiTokens);
  await server.stop();
});

beforeEach(async () => {
  records = (name) => [{ ...nameServerRecord(name, 'A', '127.77.1.2'), ttl: 42 }];
  await context.clear();
  await context.db.delete(runVantages);
  await context.connect('test');
  runId = await storeRun();
});

/**
 * Stores a run that has moved its name a minute ago.
 * @param ramp of which it has set the first share
 * @param phases of the writes that it has sent
 * @param port of the listener that it moves to
 */
async function storeRun(
  ramp: readonly number[] = [100],
  phases: readonly string[] = ['divert'],
  port = 80,
): Promise<RunId> {
  const { db } = context;
  const estate = testEstate({
    records: [testRecord(12, 'flash', '127.77.1.1')],
    listeners: [testListener('lb-cvm'), testListener('lb-scf', { port })],
  });
  const plan = createTestPlan({ estate, diversion: testSwitch({ ramp }) });
  const stored = { connectionId: 'test', plan, findings: [], createdBy: 'test', hash: await planHash(plan) };
  const [row] = await db.insert(plans).values(stored).returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(row?.id), createdBy: 'test' })
    .returning();
  const made = RunId.parse(run?.id);
  await db.insert(runAttempts).values({ runId: made, attempt: 1, direction, actor: 'test' });
  const baked = plan.steps.findIndex(({ kind }) => kind === 'bake');
  const begun = ramp.length > 1 ? plan.steps.slice(0, baked) : plan.steps;
  const moves = begun.filter((step) => step.kind === 'write' && phases.includes(step.phase));
  const events: readonly RunEvent[] = [
    { type: 'started', actor: 'sari', attempt: 1, at: at(), direction },
    ...moves.map(
      ({ id: stepId }): RunEvent => ({
        type: 'accepted',
        stepId,
        requestId: 'r',
        taskId: null,
        at: at(),
        direction,
      }),
    ),
  ];
  for (const event of events) await db.insert(runEvents).values({ runId: made, event });
  return made;
}

async function agent(args: readonly string[], env: Record<string, string> = {}, sleep = async () => {}) {
  let err = '';
  const code = await runCli(['agent', '--name', 'jakarta-office', '--resolver', resolver.address, ...args], {
    env: { SPILLWAY_URL: `http://127.0.0.1:${server.port}`, SPILLWAY_TOKEN: token, ...env },
    cwd: '/',
    write: () => {},
    writeError: (text) => {
      err += text;
    },
    readSecret: async () => '',
    sleep,
  });
  return { code, err };
}

/** Makes every stored report older, as if so many seconds had passed since. */
const waitS = (seconds: number) =>
  context.db.update(runVantages).set({ at: sql`at - make_interval(secs => ${seconds})` });

const post = (body: object, as = token) =>
  fetch(`http://127.0.0.1:${server.port}/api/v1/runs/${runId}/agent-reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('the agent', () => {
  it('reports what the resolver and the servers of its network answer, and says so', async () => {
    const { code, err } = await agent(['--once']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).toContain('Agent jakarta-office reports to');
    expect(err).toMatch(/R-\d+: reported 1 names and \d+ requests/);
    expect(await readVantages(context.db, runId)).toMatchObject([
      {
        kind: 'agent',
        name: 'jakarta-office',
        address: resolver.address,
        dns: [{ name: 'flash.example.co.id', values: ['127.77.1.2'], ttlS: 42, failure: null }],
      },
    ]);
  });

  it('sends its requests to the address that its resolver answers, and to the port of the listener', async () => {
    const hosts: unknown[] = [];
    const shop = createServer(({ headers }, response) => {
      hosts.push(headers.host);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(shop, 'listening');
    const address = shop.address();
    invariant(typeof address === 'object' && address !== null, 'the server has a port');
    try {
      records = (name) => [{ ...nameServerRecord(name, 'A', '127.0.0.1'), ttl: 42 }];
      await context.db.delete(runEvents);
      runId = await storeRun([100], ['divert'], address.port);
      expect(await agent(['--once'])).toMatchObject({ code: 0 });
      const host = `flash.example.co.id:${address.port}`;
      expect(hosts).toEqual([host]);
      const [report] = await readVantages(context.db, runId);
      expect(report?.http).toMatchObject([
        { url: `http://${host}/`, status: 200, passed: true, failure: null },
      ]);
      records = () => [];
      await waitS(5);
      expect(await agent(['--once'])).toMatchObject({ code: 0 });
      const [later] = await readVantages(context.db, runId);
      const failure = `${resolver.address} has no address for flash.example.co.id`;
      expect(later?.http).toMatchObject([{ status: null, passed: false, failure }]);
    } finally {
      shop.close();
    }
  });

  it('reports where a name points to, with the TTL of the CNAME rather than of the address', async () => {
    records = (name) => [
      { ...nameServerRecord(name, 'CNAME', 'lb.example.com'), ttl: 300 },
      { ...nameServerRecord('lb.example.com', 'A', '127.77.1.2'), ttl: 7 },
    ];
    expect(await agent(['--once'])).toMatchObject({ code: 0 });
    const [report] = await readVantages(context.db, runId);
    expect(report?.dns).toMatchObject([{ values: ['lb.example.com'], ttlS: 300, failure: null }]);
  });

  it('is asked about a run that has moved traffic, beside any number of newer ones that have not', async () => {
    const add = async (more: readonly RunEvent[]) => {
      const newer = await storeRun([100], []);
      for (const event of more) await context.db.insert(runEvents).values({ runId: newer, event });
    };
    const gate: RunEvent = { type: 'gate', gate: 'T0', due: at(), at: at(), direction };
    for (let n = 0; n < 21; n += 1) await add([gate]);
    for (let n = 0; n < 21; n += 1) await add([]);
    const { err } = await agent(['--once']);
    expect(err.match(/R-\d+: reported/g)).toEqual([`${runId}: reported`]);
  });

  it('reports the other runs if the report of one is refused', async () => {
    const other = await storeRun();
    // Too early for the newest run, whose turn is the first.
    const first = { agent: 'jakarta-office', instance: 'a', dns: [], http: [] };
    const to = `http://127.0.0.1:${server.port}/api/v1/runs/${other}/agent-reports`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(to, { method: 'POST', headers, body: JSON.stringify(first) });
    const { code, err } = await agent(['--once']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).toContain(`${other}: `);
    expect(err).toContain(`${runId}: reported 1 names`);
    expect(await readVantages(context.db, runId)).toMatchObject([{ dns: [{ values: ['127.77.1.2'] }] }]);
  });

  it('reports a name that does not exist as one without records, and a resolver that fails as no answer', async () => {
    records = () => [];
    expect(await agent(['--once'])).toMatchObject({ code: 0 });
    expect(await readVantages(context.db, runId)).toMatchObject([
      { dns: [{ values: [], ttlS: null, failure: null }] },
    ]);
    await context.db.delete(runVantages);
    expect(await agent(['--once', '--resolver', '[::1]:9'])).toMatchObject({ code: 0 });
    const [report] = await readVantages(context.db, runId);
    expect(report).toMatchObject({ address: '[::1]:9', dns: [{ values: null, ttlS: null }] });
    expect(report?.dns[0]?.failure).toMatch(/ECONNREFUSED/);
  });

  it('counts an answer once that two agents get from the router of one network', async () => {
    runId = await storeRun([50, 100]);
    const routers = { 'office-1': '192.168.1.1', 'office-2': '192.168.1.1', home: '192.168.2.1' };
    for (const [name, router] of Object.entries(routers))
      await post({
        agent: name,
        instance: name,
        resolver: router,
        dns: [{ name: 'flash.example.co.id', values: ['127.77.1.2'], ttlS: 60, failure: null }],
        http: [],
      });
    const counted = (await readVantages(context.db, runId)).map(({ name, counts }) => [
      name,
      counts.map(({ intended, function: number }) => [intended, number]),
    ]);
    expect(counted).toEqual([
      ['home', [[0.5, 1]]],
      ['office-1', [[0.5, 1]]],
      ['office-2', []],
    ]);
  });

  it('counts it once, too, if both report at the same instant', async () => {
    runId = await storeRun([50, 100]);
    const dns = [{ name: 'flash.example.co.id', values: ['127.77.1.2'], ttlS: 60, failure: null }];
    const report = (name: string) =>
      post({ agent: name, instance: name, resolver: '192.168.1.1', dns, http: [] });
    const waiting = sql`select count(*)::int as count from pg_locks where not granted
      and (database = 0 or database = (select oid from pg_database where datname = current_database()))`;
    let sent: readonly Promise<Response>[] = [];
    await context.db.transaction(async (tx) => {
      // Both have been received, and neither is stored.
      await tx.execute(sql`lock table run_vantage in share mode`);
      sent = [report('office-1'), report('office-2')];
      await expect.poll(async () => (await tx.execute(waiting)).rows[0]?.count).toBe(2);
    });
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200]);
    const counts = (await readVantages(context.db, runId)).flatMap((each) => each.counts);
    expect(counts).toMatchObject([{ intended: 0.5, function: 1, cvm: 0 }]);
  });

  it('refuses a resolver that is no address', async () => {
    const { code, err } = await agent(['--once', '--resolver', 'router.local']);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('must be ip or ip:port');
  });

  it('ends with the reason once its token has expired, and stores nothing more', async () => {
    await agent(['--once']);
    const before = await readVantages(context.db, runId);
    const own = await makeToken('agent');
    const expired = { expiresAt: new Date(Date.now() - 1000) };
    await context.db
      .update(apiTokens)
      .set(expired)
      .where(eq(apiTokens.tokenHash, hashToken(own)));
    const { code, err } = await agent([], { SPILLWAY_TOKEN: own });
    expect(code).toBe(exitCodes.forbidden);
    expect(err).toContain('The API token has expired.');
    expect(await readVantages(context.db, runId)).toEqual(before);
  });

  it('reports nothing about a run that the owner of its token may not see', async () => {
    const email = 'budi@example.com';
    await giveGrants(context.db, email, [{ role: 'operator', ...noLimits, domains: ['other.example.com'] }]);
    const limited = `spw_${'b'.repeat(43)}`;
    await context.db.insert(apiTokens).values({
      userId: email,
      name: 'Office',
      role: 'agent',
      tokenHash: hashToken(limited),
      prefix: limited.slice(0, 8),
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    expect(await agent(['--once'], { SPILLWAY_TOKEN: limited })).toMatchObject({ code: 0 });
    const dns = [{ name: 'flash.example.co.id', values: ['127.77.1.1'], ttlS: 5, failure: null }];
    const answer = await post({ agent: 'jakarta-office', instance: 'a', dns, http: [] }, limited);
    expect([403, 404]).toContain(answer.status);
    expect((await answer.json()).detail).toMatch(/\w+/);
    expect(await readVantages(context.db, runId)).toEqual([]);
  });

  it('says that another process has its name, keeps its pace, and takes over once that one is silent', async () => {
    expect((await post({ agent: 'jakarta-office', instance: 'a', dns: [], http: [] })).status).toBe(200);
    const pauses: number[] = [];
    const stop = new Error('enough');
    const { err } = await agent([], {}, async (...[ms]: readonly number[]) => {
      pauses.push(ms ?? 0);
      // The other one has ended after the second round.
      if (pauses.length === 2) await waitS(61);
      if (pauses.length === 3) throw stop;
    });
    expect(pauses).toEqual([10_000, 10_000, 10_000]);
    const refused = `${runId}: Another process with the name jakarta-office has reported about this run since `;
    expect(err.split(refused)).toHaveLength(3);
    expect(err).toContain('takes over once the other has not reported for 60 s. Stop one of them, or give');
    expect(err).toContain(`${runId}: reported 1 names`);
    expect(await readVantages(context.db, runId)).toMatchObject([{ dns: [{ values: ['127.77.1.2'] }] }]);
  });

  it('with --once is the same process each time on one machine, and another one elsewhere', async () => {
    expect(await agent(['--once'])).toMatchObject({ code: 0 });
    await waitS(5);
    expect(await agent(['--once'])).toMatchObject({ code: 0 });
    await waitS(5);
    expect(await agent(['--once', '--resolver', '[::1]:9'])).toMatchObject({ code: exitCodes.refused });
  });

  it('continues after failures, with longer pauses, and ends if its token is refused', async () => {
    const pauses: number[] = [];
    const closed = { SPILLWAY_URL: 'http://127.0.0.1:1' };
    const stop = new Error('enough');
    await agent([], closed, async (...[ms]: readonly number[]) => {
      if ((ms ?? 0) >= 1000) pauses.push(ms ?? 0);
      if (pauses.length === 3) throw stop;
    });
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? 0);
    const other = await agent([], { SPILLWAY_TOKEN: `spw_${'x'.repeat(43)}` });
    expect(other.code).toBe(exitCodes.forbidden);
  });
});

describe('a report', () => {
  const dns = [{ name: 'flash.example.co.id', values: ['127.77.1.1'], ttlS: 5, failure: null }];
  const report = { agent: 'jakarta-office', instance: 'a', dns, http: [] };

  it('has only what the agent was asked for', async () => {
    const other = { ...dns[0], name: 'other.example.com' };
    const http = [{ url: 'http://169.254.169.254/', status: 200, latencyMs: 1, failure: null }];
    const answer = await post({ ...report, dns: [...dns, other], http });
    expect(await answer.json()).toEqual({ stored: 1 });
    expect(await readVantages(context.db, runId)).toMatchObject([{ dns, http: [] }]);
  });

  it('has no times of the agent, whose clock may be off: those of the server count', async () => {
    runId = await storeRun([50, 100]);
    const answer = { ...dns[0], values: ['127.77.1.2'], ttlS: 60 };
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post({ ...report, at: ahead })).status).toBe(422);
    expect(await readVantages(context.db, runId)).toEqual([]);
    const before = Date.now();
    // An answer can't have them either: a field that it does not have is refused.
    const own = { ...answer, at: ahead, heldUntil: ahead };
    expect((await post({ ...report, dns: [own] })).status).toBe(422);
    expect((await post({ ...report, dns: [answer] })).status).toBe(200);
    const [stored] = await readVantages(context.db, runId);
    const at = Date.parse(stored?.at ?? '');
    expect(at >= before && at <= Date.now()).toBe(true);
    const heldUntil = new Date(at + 60_000).toISOString();
    expect(stored?.dns).toMatchObject([{ at: stored?.at, heldUntil }]);
    expect(stored?.counts).toMatchObject([{ intended: 0.5, function: 1, cvm: 0, at: stored?.at }]);
  });

  it('is refused from a token without the right, too early, too large, and for a run that is not asked about', async () => {
    expect((await post(report, await makeToken('viewer'))).status).toBe(403);
    expect((await post(report)).status).toBe(200);
    expect(await (await post(report)).json()).toMatchObject({ code: 'probe.tooSoon' });
    expect((await post({ ...report, dns: Array.from({ length: 51 }, () => dns[0]) })).status).toBe(422);
    for (let n = 1; n < 20; n += 1) await post({ ...report, agent: `agent-${n}` });
    expect(await (await post({ ...report, agent: 'more' })).json()).toMatchObject({
      code: 'probe.tooManyAgents',
    });
    await context.db.delete(runEvents);
    expect(await (await post({ ...report, agent: 'agent-1' })).json()).toMatchObject({
      code: 'probe.notAsked',
    });
  });

  it('takes the place of the agent that has been silent longest, if it no longer reports', async () => {
    // Only the first reaches 60 s. The margins are for the real time of the calls, which passes too.
    for (let n = 1; n <= 20; n += 1) {
      expect((await post({ ...report, agent: `agent-${n}` })).status).toBe(200);
      if (n === 1) await waitS(30);
    }
    expect((await post({ ...report, agent: 'more' })).status).toBe(409);
    await waitS(30);
    expect((await post({ ...report, agent: 'more' })).status).toBe(200);
    const names = (await readVantages(context.db, runId)).map(({ name }) => name);
    expect(names).toHaveLength(20);
    expect(names).toEqual(expect.arrayContaining(['more', 'agent-2', 'agent-20']));
    expect((await post({ ...report, agent: 'another' })).status).toBe(409);
  });

  it('keeps the stored answers for names that it does not have', async () => {
    expect((await post(report)).status).toBe(200);
    await waitS(5);
    const [before] = await readVantages(context.db, runId);
    expect((await post({ ...report, dns: [] })).status).toBe(200);
    const [after] = await readVantages(context.db, runId);
    expect(after?.dns).toEqual(before?.dns);
    expect(after?.dns).toMatchObject([{ values: ['127.77.1.1'], heldUntil: expect.any(String) }]);
  });

  it('is refused while another process with the name reports, whose answers stay and count once', async () => {
    runId = await storeRun([50, 100]);
    const from = (instance: string, value: string, ttlS: number) =>
      post({ ...report, instance, dns: [{ ...dns[0], values: [value], ttlS }] });
    const readOwn = async () => (await readVantages(context.db, runId))[0];
    expect((await from('a', '127.77.1.2', 60)).status).toBe(200);
    const first = await readOwn();
    const since = new Date(first?.at ?? '').toISOString().slice(0, 19).replace('T', ' ');
    // Alternately, each from its own cache.
    for (const ttlS of [40, 50]) {
      await waitS(10);
      const other = await from('b', '127.77.1.1', ttlS);
      expect(other.status).toBe(409);
      expect(await other.json()).toMatchObject({
        code: 'probe.otherProcess',
        detail: expect.stringMatching(`jakarta-office has reported about this run since ${since} UTC`),
        fix: 'Stop one of them, or give each its own --name.',
      });
      await waitS(10);
      expect((await from('a', '127.77.1.2', ttlS)).status).toBe(200);
    }
    const last = await readOwn();
    expect(last?.counts).toMatchObject([{ function: 1, cvm: 0 }]);
    await waitS(59);
    expect((await from('b', '127.77.1.1', 60)).status).toBe(409);
    await waitS(2);
    expect((await from('b', '127.77.1.1', 60)).status).toBe(200);
    expect(await readOwn()).toMatchObject({ dns: [{ values: ['127.77.1.1'] }] });
    await waitS(10);
    expect(await (await from('a', '127.77.1.2', 60)).json()).toMatchObject({ code: 'probe.otherProcess' });
  });

  it('can read nothing else with its token', async () => {
    for (const path of ['runs', 'estate', `runs/${runId}`, 'connections']) {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`http://127.0.0.1:${server.port}/api/v1/${path}`, { headers });
      expect([path, [403, 404].includes(status)]).toEqual([path, true]);
    }
  });
});
