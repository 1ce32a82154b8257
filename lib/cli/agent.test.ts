import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, plans, runAttempts, runEvents, runs, runVantages } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createToken } from '@/lib/server/auth/change-tokens';
import { readVantages } from '@/lib/server/runs/read-vantages';
import { type NameServer, nameServerRecord, startNameServer } from '@/testing/cloud/test-name-server';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';
import { exitCodes } from './base/exit-codes';
import { runCli } from './run-cli';

/* The agent against the API, over HTTP, on a real database, with a resolver of the test. */

const context = testContext();
let server: Awaited<ReturnType<typeof startTestApi>>;
let resolver: NameServer;
let token = '';
let runId: RunId;
const direction = 'apply';
const at = () => new Date().toISOString();

async function makeToken(role: 'agent' | 'viewer'): Promise<string> {
  const made = await createToken({ name: role, role, days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  return made.value.token;
}

beforeAll(async () => {
  [server, resolver] = await Promise.all([
    startTestApi(),
    startNameServer(({ name, type }) =>
      type === 'A' ? [{ ...nameServerRecord(name, 'A', '127.77.1.2'), ttl: 42 }] : [],
    ),
  ]);
  token = await makeToken('agent');
});
afterAll(async () => {
  resolver.close();
  await context.db.delete(apiTokens);
  await server.stop();
});

/** Stores a run that has moved its name. */
beforeEach(async () => {
  await context.clear();
  await context.db.delete(runVantages);
  await context.connect('test');
  const { db } = context;
  const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
  const planned = planDiversion({ estate, diversion: testSwitch(), keepAliveS: 75 });
  invariant(planned.ok, 'the test estate can be planned');
  const plan = planned.value;
  const stored = { connectionId: 'test', plan, findings: [], createdBy: 'test', hash: await planHash(plan) };
  const [row] = await db.insert(plans).values(stored).returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(row?.id), createdBy: 'test' })
    .returning();
  runId = RunId.parse(run?.id);
  await db.insert(runAttempts).values({ runId, attempt: 1, direction, actor: 'test' });
  const moves = plan.steps.filter((step) => step.kind === 'write' && step.phase === 'divert');
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
  for (const event of events) await db.insert(runEvents).values({ runId, event });
});

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

  it('goes on after failures, with longer pauses, and ends if its token is refused', async () => {
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
  const report = { agent: 'jakarta-office', dns, http: [] };

  it('has only what the agent was asked for', async () => {
    const other = { ...dns[0], name: 'other.example.com' };
    const http = [{ url: 'http://169.254.169.254/', status: 200, latencyMs: 1, failure: null }];
    const answer = await post({ ...report, dns: [...dns, other], http });
    expect(await answer.json()).toEqual({ stored: 1 });
    expect(await readVantages(context.db, runId)).toMatchObject([{ dns, http: [] }]);
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

  it('can read nothing else with its token', async () => {
    for (const path of ['runs', 'estate', `runs/${runId}`, 'connections']) {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`http://127.0.0.1:${server.port}/api/v1/${path}`, { headers });
      expect([path, [403, 404].includes(status)]).toEqual([path, true]);
    }
  });
});
