import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  auditEntries,
  connections,
  emergencyStops,
  estates,
  plans,
  runAttempts,
  runEvents,
  runs,
  safetyRules,
  switches,
} from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import { ConnectionId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { createMeasures } from '@/lib/worker/connections/measures';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { runPlan } from '@/lib/worker/runs/run-plan';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { giveRole } from '@/testing/server/test-person';
import {
  hasty,
  type SwitchFixture,
  saleFunction,
  saleSwitch,
  servers,
  startSwitchFixture,
} from '@/testing/worker/test-switch-fixture';
import { memory } from '@/testing/worker/test-worker-fixture';
import { unchangedSince } from './watch-switches';

/*
 * Workers that watch the switchboard, on a real database, the real sandbox and its DNS: its servers fail through its
 * control API, probes go through its load balancers, and stored results are read back. Runs stay queued: no engine is
 * started.
 */

const otherId = ConnectionId.parse('other');
let fixture: SwitchFixture;
let round: () => Promise<void>;
let otherRound: () => Promise<void>;

beforeAll(async () => {
  fixture = await startSwitchFixture('127.180.0.0/16');
  [round, otherRound] = await Promise.all([fixture.worker('one'), fixture.worker('two')]);
});

afterAll(() => fixture.stop());

beforeEach(async () => {
  await fixture.callControl('DELETE', '/faults');
  await fixture.database.db.delete(emergencyStops);
  await fixture.database.db.delete(safetyRules);
});

const runsStored = () => fixture.database.db.select().from(runs);

it('leaves a healthy one unchanged', async () => {
  const id = await fixture.put();
  await round();
  const { state, decision, rounds } = await fixture.switchOf(id);
  expect({ state, decision }).toEqual({ state: 'enabled', decision: { kind: 'healthy' } });
  expect(rounds).toMatchObject([
    { serving: 'cvm', seen: [{ passed: true }, { passed: true }], receiving: { passed: true } },
  ]);
  expect(await runsStored()).toEqual([]);
});

it('fails over once, by a normal run, and DNS then points at the function', async () => {
  const { db } = fixture.database;
  const id = await fixture.put({ addedBy: 'intan' });
  const queuedBefore = await fixture.runsQueued();
  await fixture.down(...servers);
  await round();

  const moved = await fixture.switchOf(id);
  expect(moved).toMatchObject({ state: 'failedOver', decision: { kind: 'failOver', failing: 2 } });
  expect(moved.movedAt).not.toBeNull();
  const [run, ...others] = await runsStored();
  expect(others).toEqual([]);
  expect(run).toMatchObject({ id: moved.lastRunId, createdBy: 'failover' });
  // Whoever set the Switch can't review what continues the failover.
  const [stored] = await db
    .select()
    .from(plans)
    .where(eq(plans.diversionId, DiversionId.parse(moved.diversionId)));
  expect(stored?.approvalFacts).toMatchObject({ authors: ['failover', 'intan', 'test'] });
  // The run keeps the reason: the switchboard soon has newer rounds.
  expect(run?.failoverProbes).toEqual(
    moved.policy.vantages.map((vantage) => ({
      at: moved.rounds[0]?.at,
      vantage,
      address: expect.stringMatching(/^127\.180\.\d+\.\d+:\d+$/),
      failure: expect.any(String),
    })),
  );
  expect(await fixture.runsQueued()).toBe(queuedBefore + 1);
  const record = await fixture.recordOf(RunId.parse(run?.id));
  expect(record.attempts).toMatchObject([
    { actor: 'failover', reason: '2 of 2 vantages saw cvm fail', direction: 'apply' },
  ]);

  const [recorded] = await db.select().from(auditEntries).where(eq(auditEntries.operation, 'failover.start'));
  expect(JSON.parse(recorded?.content ?? '')).toMatchObject({
    actor: 'failover',
    via: 'worker',
    objects: [
      { kind: 'switch', id },
      { kind: 'run', id: run?.id },
    ],
    plans: [{ id: run?.planId }],
    facts: { toward: 'function', failedProbes: 2 },
  });

  // Failover is disabled now: no further move, however long the servers stay down.
  await db.update(switches).set({ rounds: [] });
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({ state: 'failedOver', decision: null });
  expect(await runsStored()).toHaveLength(1);

  // The worker that claims the run moves the name.
  const perform = runPlan({
    db,
    cloudOf: () => fixture.cloud,
    proberOf: () => fixture.prober,
    faultPoint: async () => {},
    log: pino({ level: 'silent' }),
    measures: createMeasures('test'),
    sync: async () => {},
    keepAliveS: 0,
    probeEveryS: 10,
  });
  await perform(
    { runId: RunId.parse(run?.id), attempt: 1 },
    { inbox: { take: async () => null }, once: memory() },
  );
  expect(foldRun(await fixture.recordOf(RunId.parse(run?.id))).state).toBe('done');
  const sale = await fixture.prober.probe({
    kind: 'http',
    host: 'sale.example.com',
    path: '/',
    scheme: 'http',
    port: 80,
    address: 'sale.example.com',
    expect: { status: 200, bodyContains: 'Hello CLB' },
  });
  expect(sale.failure).toBeNull();

  // Before any sync, the function is confirmed to serve: its health is watched now, and the servers are the receiving
  // side.
  await db.update(switches).set({ rounds: [] });
  await round();
  expect((await fixture.switchOf(id)).rounds).toMatchObject([
    { serving: 'function', seen: [{ passed: true }, { passed: true }], receiving: { passed: false } },
  ]);
  // The other tests start with healthy servers.
  await fixture.read();
  await fixture.move('cvm');
});

it('restores the TTL that a run that was left as is of another diversion has lowered, without a wait before the failover', async () => {
  const { db } = fixture.database;
  const id = await fixture.put();
  const low = await newestEstate(db, fixture.connection.id, []);
  invariant(low !== null, 'it was synced');
  // Its records have a TTL of 1 s, as if a run had lowered it.
  const estate = { ...low, records: low.records.map((record) => ({ ...record, ttlS: 600 })) };
  const plan = createTestPlan({ estate, diversion: { ...saleSwitch, lowerTtlS: 1 }, keepAliveS: 0 });
  const lowered = plan.steps.find((step) => step.kind === 'write' && step.object.kind === 'recordSet');
  invariant(lowered?.phase === 'prewarm', 'its TTL is lowered first');
  const [planned] = await db
    .insert(plans)
    .values({ connectionId: fixture.connection.id, plan, findings: [], hash: '', createdBy: 'sari' })
    .returning();
  const [aborted] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(planned?.id), createdBy: 'sari' })
    .returning();
  const runId = RunId.parse(aborted?.id);
  await db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'sari' });
  const stamp = { at: new Date().toISOString(), direction: 'apply' } as const;
  const events: readonly RunEvent[] = [
    { type: 'started', actor: 'sari', attempt: 1, ...stamp },
    { type: 'stepDone', stepId: lowered.id, outcome: 'applied', requestId: null, durationMs: 1, ...stamp },
    { type: 'closed', actor: 'sari', reason: '', ...stamp },
  ];
  for (const event of events) await db.insert(runEvents).values({ runId, event });
  await fixture.down(...servers);
  await round();
  const { lastRunId } = await fixture.switchOf(id);
  const { plan: failover, planId } = await fixture.recordOf(RunId.parse(lastRunId));
  const [row] = await db.select().from(plans).where(eq(plans.id, planId));
  expect(row?.diversionId).not.toBe(planned?.diversionId);
  const first = failover.steps.findIndex(({ phase }) => phase === 'divert');
  expect(failover.steps.slice(0, first).filter(({ kind }) => kind === 'bake')).toEqual([]);
  const last = failover.steps.findLast(({ kind }) => kind === 'write');
  const records = expect.arrayContaining([expect.objectContaining({ enabled: false, ttlS: 600 })]);
  expect(last).toMatchObject({ phase: 'drain', after: { records } });
});

it.each([
  ['off', { state: 'disabled' }, null],
  ['failed over already', { state: 'failedOver' }, null],
  [
    'in hold-down',
    { movedAt: new Date(), policy: { ...hasty, holdDownS: 600 } },
    { kind: 'holdDown', until: expect.any(String) },
  ],
  [
    'of a quorum that one vantage does not make',
    {
      policy: {
        ...hasty,
        // Queries the wrong DNS server for the name: only this vantage point fails while the servers are up.
        vantages: [{ kind: 'address' }, { kind: 'address' }, { kind: 'name', resolver: '127.0.0.1:1' }],
      },
    },
    { kind: 'unsure', failing: 1 },
  ],
] as const)('moves none that is %s', async (name, change, decision) => {
  const id = await fixture.put(change as Parameters<SwitchFixture['put']>[0]);
  if (!name.startsWith('of a quorum')) await fixture.down(...servers);
  await round();
  const row = await fixture.switchOf(id);
  expect(row.decision).toEqual(decision);
  expect(row.rounds).toHaveLength(1);
  expect(await runsStored()).toEqual([]);
});

it('does not move to a side that also fails', async () => {
  const id = await fixture.put();
  await fixture.down(...servers);
  await fixture.callControl('POST', '/faults', { kind: 'functionDown', function: saleFunction });
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({ state: 'enabled', decision: { kind: 'receiverFails' } });
  expect(await runsStored()).toEqual([]);
});

it('does not move while all changes are paused, and reports who paused them', async () => {
  await fixture.database.db.insert(emergencyStops).values({ actor: 'sari', reason: 'audit' });
  const id = await fixture.put();
  await fixture.down(...servers);
  await round();
  const { state, decision, rounds } = await fixture.switchOf(id);
  expect(state).toBe('enabled');
  expect(decision).toEqual({
    kind: 'blocked',
    why: 'emergencyStop.stopped',
    values: { actor: 'sari', reason: 'audit' },
    stuckSince: rounds[0]?.at,
  });
  // Plan and run were refused together.
  expect(await runsStored()).toEqual([]);
  expect(await fixture.database.db.select().from(plans)).toEqual([]);
});

it('does not move if a safety rule refuses it, but at any hour and in bulk', async () => {
  const { db } = fixture.database;
  const add = (name: string, rule: object) => {
    const parsed = SafetyRule.parse({ name, match: { domains: ['*'] }, ...rule });
    return db.insert(safetyRules).values({ name, rule: parsed, createdBy: 'sari', changedBy: 'sari' });
  };
  await add('Sale is on', { kind: 'protected', approvals: null });
  await add('One write', { kind: 'bulk', unit: 'writes', max: 1 });
  const id = await fixture.put();
  await fixture.down(...servers);
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({
    state: 'enabled',
    decision: { kind: 'blocked', why: 'safetyRule', values: { rule: 'Sale is on', may: 'administrator' } },
  });
  expect(await runsStored()).toEqual([]);
  await db.delete(safetyRules).where(eq(safetyRules.name, 'Sale is on'));
  const nextState = async () => {
    await round();
    return (await fixture.switchOf(id)).state;
  };
  await expect.poll(nextState, { timeout: 10_000 }).toBe('failedOver');
});

it('does not move if whoever enabled failover may not do so any more, and says so', async () => {
  const { db } = fixture.database;
  const id = await fixture.put();
  await db.update(switches).set({ setBy: 'sari@example.com' });
  await giveRole(db, 'sari@example.com', 'viewer');
  await fixture.down(...servers);
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({
    state: 'enabled',
    decision: { kind: 'blocked', why: 'noRight', values: { actor: 'sari@example.com' } },
  });
  expect(await runsStored()).toEqual([]);
  await giveRole(db, 'sari@example.com', 'operator');
  // The next round is due after a second.
  const nextState = async () => {
    await round();
    return (await fixture.switchOf(id)).state;
  };
  await expect.poll(nextState, { timeout: 10_000 }).toBe('failedOver');
});

it('does not move if the account that enabled failover was removed, although another one has its address', async () => {
  const { db } = fixture.database;
  const id = await fixture.put({ setBy: 'sari@example.com', setByAccount: randomUUID() });
  await giveRole(db, 'sari@example.com', 'operator');
  await fixture.down(...servers);
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({ decision: { kind: 'blocked', why: 'noRight' } });
  expect(await runsStored()).toEqual([]);
});

it('evaluates n of the last m rounds', async () => {
  const id = await fixture.put({ policy: { ...hasty, failures: 2, of: 3 } });
  await fixture.down(...servers);
  await round();
  expect(await fixture.switchOf(id)).toMatchObject({ state: 'enabled', decision: { kind: 'healthy' } });
  // The next round is due after a second; earlier rounds probe nothing.
  await round();
  expect((await fixture.switchOf(id)).rounds).toHaveLength(1);
  await expect
    .poll(
      async () => {
        await round();
        return (await fixture.switchOf(id)).state;
      },
      { timeout: 10_000 },
    )
    .toBe('failedOver');
  expect((await fixture.switchOf(id)).rounds).toHaveLength(2);
});

it('is watched by one worker at a time', async () => {
  const id = await fixture.put();
  const queuedBefore = await fixture.runsQueued();
  await fixture.down(...servers);
  await Promise.all([round(), otherRound(), round(), otherRound()]);
  expect(await fixture.switchOf(id)).toMatchObject({ state: 'failedOver' });
  expect((await fixture.switchOf(id)).rounds).toHaveLength(1);
  expect(await runsStored()).toHaveLength(1);
  expect(await fixture.runsQueued()).toBe(queuedBefore + 1);
});

it('drops probes that were sent before failover was disabled', async () => {
  const { db } = fixture.database;
  const id = await fixture.put();
  await fixture.down(...servers);
  const disable = async () => {
    const disabled = {
      state: 'disabled',
      decision: null,
      setBy: 'sari',
      setAt: new Date(Date.now() + 1),
    } as const;
    await db.update(switches).set(disabled);
  };
  // Disables failover when the first probe is sent: after the snapshot was read, and before the round's outcome is
  // stored.
  const interrupted = await fixture.worker('three', disable);
  await interrupted();
  expect(await fixture.switchOf(id)).toMatchObject({ state: 'disabled', decision: null, rounds: [] });
  expect(await runsStored()).toEqual([]);
});

it('distinguishes a changed Switch from an unchanged one', async () => {
  const { db } = fixture.database;
  // Set by the database's own clock, which has microseconds.
  const row = await fixture.switchOf(await fixture.put());
  expect(await db.select().from(switches).where(unchangedSince(row))).toHaveLength(1);
  await db.update(switches).set({ setAt: new Date(row.setAt.getTime() + 1) });
  expect(await db.select().from(switches).where(unchangedSince(row))).toHaveLength(0);
});

it.each([
  [
    'a resolver with a port that none has',
    { policy: { ...hasty, vantages: [{ kind: 'name', resolver: '127.0.0.1:99999' }] } },
  ],
  ['a resolver with port 0', { policy: { ...hasty, vantages: [{ kind: 'name', resolver: '127.0.0.1:0' }] } }],
  ['no diversion', { diversion: {} }],
] as const)('continues with the others if one was stored with %s, and reports it', async (_, stored) => {
  const { db } = fixture.database;
  const good = await fixture.put();
  const { connectionId } = await fixture.switchOf(good);
  const row = { connectionId, diversion: saleSwitch, policy: hasty, setBy: 'test', ...stored };
  const [bad] = await db
    .insert(switches)
    .values(row as typeof switches.$inferInsert)
    .returning({ id: switches.id });
  const loop = workLoop('switches', { log: pino({ level: 'silent' }) });
  const watch = await fixture.worker(`beside ${bad?.id}`, undefined, { loop });
  await watch();
  expect((await fixture.switchOf(good)).rounds).toMatchObject([
    { seen: [{ passed: true }, { passed: true }] },
  ]);
  expect(loop.problems()).toMatchObject([
    { object: `switch ${bad?.id}`, failures: 1, message: expect.stringContaining('break the rules') },
  ]);
  expect((await fixture.switchOf(bad?.id ?? '')).rounds).toEqual([]);
});

it('checks the capacity in the account of the receiving side, and needs the keys of both', async () => {
  const { db } = fixture.database;
  // As if the function's load balancer were in a separate account of the same cloud.
  const own = await newestEstate(db, fixture.connection.id);
  invariant(own !== null, 'it has been read');
  const functionSide = saleSwitch.routes.find((route) => route.to === 'function')?.loadBalancerId;
  const split = (isOther: boolean): Estate => ({
    ...own,
    loadBalancers: own.loadBalancers.filter(({ id }) => (id === functionSide) === isOther),
    ...(isOther ? { connectionId: otherId, zones: [], records: [] } : { functions: [] }),
  });
  const connection = { id: otherId, name: 'other', kind: 'sandbox', portOffset: 0, isolation: null } as const;
  await db.insert(connections).values({ ...connection, available: true });
  for (const estate of [split(false), split(true)])
    await db
      .insert(estates)
      .values({ connectionId: estate.connectionId, takenAt: new Date(), version: 1, estate });

  const policy: FailoverPolicy = { ...hasty, capacity: [{ measure: 'throttles', limit: 0 }] };
  const id = await fixture.put({ policy, diversion: { ...saleSwitch, connections: [otherId] } });
  await fixture.down(...servers);
  const asked: string[] = [];
  const getCloud = (connectionId: string) => {
    asked.push(connectionId);
    return fixture.cloud;
  };
  const blind = await fixture.worker('blind', undefined, { cloudOf: getCloud });
  await blind();
  expect((await fixture.switchOf(id)).rounds).toEqual([]);
  const seeing = await fixture.worker('seeing', undefined, { cloudOf: getCloud, has: () => true });
  await seeing();
  expect((await fixture.switchOf(id)).decision).toMatchObject({ kind: 'failOver' });
  expect([...new Set(asked)]).toEqual([otherId]);
});
