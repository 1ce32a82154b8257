import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  diversionTraffic,
  emergencyStops,
  estates,
  firstSteps,
  runAttempts,
  runs,
  syncs,
  workers,
} from '@/lib/db/schema';
import { toDraft } from '@/lib/diversion/to-draft';
import { invariant } from '@/lib/invariant';
import { engineVersion } from '@/lib/run/durable/work';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { saveDraft } from '@/lib/server/diversions/change-diversions';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testCutover } from '@/testing/components/test-run';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { noteRoute, showChecklist } from './change-checklist';
import { getOverview } from './get-overview';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.db.delete(syncs);
  await context.db.delete(firstSteps);
  await context.db.delete(workers);
  await context.db.insert(workers).values(liveWorker());
  await context.connect('test');
});

/** Returns a worker of this build with a heartbeat now. */
const liveWorker = () => ({
  id: 'own',
  version: '1',
  engineVersion,
  startedAt: new Date(),
  measures: [],
  seenAt: sql`now()`,
  problems: [],
});

const at = () => new Date().toISOString();
const started = (): RunEvent => ({
  type: 'started',
  actor: 'sari',
  attempt: 1,
  at: at(),
  direction: 'apply',
});

/** Applies a Split, at once or on a schedule, and writes its journal. */
async function begin(cutover: typeof testCutover | null, ...events: readonly RunEvent[]): Promise<RunId> {
  const { id } = await context.plan(testSplit());
  const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari', cutover }).returning();
  const runId = RunId.parse(row?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'sari' });
  await context.write(runId, ...events);
  return runId;
}

describe('the overview', () => {
  it('is empty without data, and not empty with a draft', async () => {
    const overview = await getOverview();
    expect(overview).toMatchObject({
      needs: { items: [], total: 0, isUrgent: false, unread: [] },
      running: { value: [] },
      upcoming: { value: { cutovers: [], total: 0 } },
      isFresh: true,
    });
    expect(overview.health.value?.connections).toMatchObject([
      { connection: { id: 'test', kind: 'sandbox' }, failedSync: null },
    ]);
    const draft = toDraft(testSplit());
    expect(await saveDraft({ connectionId: 'test', diversionId: null, draft })).toMatchObject({ ok: true });
    expect((await getOverview()).isFresh).toBe(false);
  });

  it('lists a missing worker, which nothing else would show', async () => {
    await context.db.delete(workers);
    expect((await getOverview()).needs).toMatchObject({
      items: [{ kind: 'worker', worker: 'none' }],
      total: 1,
      isUrgent: true,
    });
  });

  it('shows runs in progress with their diversion, and stopped ones under what needs attention', async () => {
    const plan = await context.plan();
    const answer = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover: null });
    invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
    const { runId } = answer.value;
    expect((await getOverview()).running.value).toMatchObject([{ runId, state: 'queued' }]);
    await context.write(runId, started());
    expect((await getOverview()).running.value).toMatchObject([
      {
        runId,
        diversionId: plan.diversionId,
        connectionName: 'test',
        state: 'applying',
        next: { kind: 'step' },
      },
    ]);
    const reason = { kind: 'internal', message: 'no' } as const;
    await context.write(runId, { type: 'stopped', stepId: null, reason, at: at(), direction: 'apply' });
    const { needs, running } = await getOverview();
    expect(running.value).toEqual([]);
    expect(needs).toMatchObject({
      items: [{ kind: 'alert', alert: { subject: { id: runId } } }],
      isUrgent: true,
    });
  });

  it('lists upcoming runs by T0, not as running', async () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const clock = (hours: number) => ({ ...testCutover, t0: inHours(hours), t1: inHours(hours + 2) });
    const later = await begin(clock(9));
    const gate: RunEvent = {
      type: 'gate',
      gate: 'prewarm',
      due: inHours(4),
      at: at(),
      direction: 'apply',
    };
    const sooner = await begin(clock(5), started(), gate);
    const { upcoming, running } = await getOverview();
    expect(running.value).toEqual([]);
    expect(upcoming.value).toMatchObject({
      total: 2,
      cutovers: [
        { runId: sooner, state: 'scheduled' },
        { runId: later, state: 'queued' },
      ],
    });
  });

  it('shows a failed re-validation of a cutover that is older than all listed diversions', async () => {
    const problem = { kind: 'notIntact', values: {} };
    const checked: RunEvent = { type: 'checked', problems: [problem], at: at(), direction: 'apply' };
    const gate: RunEvent = { type: 'gate', gate: 'T0', due: testCutover.t0, at: at(), direction: 'apply' };
    const runId = await begin(testCutover, started(), gate, checked);
    await context.db.execute(sql`
      insert into diversion (id, connection_id, kind, name, domains, owner, created_by, created_at)
      select 'D-' || 10000 + n, connection_id, kind, name, domains, owner, created_by, created_at + interval '1 hour'
      from diversion, generate_series(1, 600) as n`);
    expect((await getOverview()).needs.items).toMatchObject([{ kind: 'revalidation', runId }]);
  });

  it('shows the traffic of diverted names, or the reason why it is missing', async () => {
    const done: RunEvent = { type: 'finished', result: 'done', at: at(), direction: 'apply' };
    const runId = await begin(null, started(), done);
    const [row] = (await getOverview()).traffic.value ?? [];
    invariant(row !== undefined, 'a run in effect has diverted traffic');
    expect(row).toMatchObject({ runId, state: 'done', points: [], why: 'notYet', error: null });
    expect(row.domains).toContain('flash.example.co.id');
    const point = { at: at(), cvm: 3, function: 'none', errorRate: null, lagMs: 0, functions: [] } as const;
    const { diversionId } = row;
    await context.db.insert(diversionTraffic).values({ diversionId, at: new Date(), points: [point] });
    expect((await getOverview()).traffic.value).toMatchObject([{ points: [point], why: null }]);
  });

  it('reports a failed sync with time and code', async () => {
    const finishedAt = new Date();
    const error = {
      code: 'AuthFailure',
      message: 'no',
      requestId: '3c140219-cfe9',
      action: 'DescribeLoadBalancers',
      region: null,
      mayHaveHappened: false,
      advice: 'giveUp',
    } as const;
    await context.db
      .insert(syncs)
      .values({ connectionId: 'test', state: 'failed', startedAt: finishedAt, finishedAt, error });
    expect((await getOverview()).needs.items).toEqual([
      {
        kind: 'syncFailed',
        connectionId: 'test',
        connectionName: 'test',
        at: finishedAt.toISOString(),
        code: 'AuthFailure',
        requestId: '3c140219-cfe9',
      },
    ]);
  });

  it('returns all other parts when one can’t be read, and names it', async () => {
    await begin(null, started());
    await context.db.execute(sql`alter table switch rename to switch_away`);
    try {
      const { needs, running, health } = await getOverview();
      expect(running.value).toHaveLength(1);
      expect(health).toMatchObject({ value: null, code: expect.stringMatching(/^[0-9a-f]{8}$/) });
      // Reading the alerts reads Switches, too.
      expect(needs.unread.map(({ source }) => source)).toEqual(['alerts', 'health']);
    } finally {
      await context.db.execute(sql`alter table switch_away rename to switch`);
    }
  });

  it('is refused when no part can be read, so that a page keeps its data', async () => {
    await context.db.execute(sql`alter schema public rename to away`);
    try {
      await expect(getOverview()).rejects.toThrow('overview.get failed');
    } finally {
      await context.db.execute(sql`alter schema away rename to public`);
    }
  });

  it('is the same while changes are paused', async () => {
    await context.db.insert(emergencyStops).values({ actor: 'sari', reason: 'no' });
    expect((await getOverview()).needs.items).toEqual([]);
  });
});

describe('the first steps', () => {
  const readSteps = async () => (await getOverview()).checklist.value;

  it('are marked as done by stored data', async () => {
    await context.db.delete(estates);
    expect(await readSteps()).toMatchObject({
      done: { sync: false, route: false, split: false, rollback: false },
      connectionId: 'test',
      routeNode: null,
      splitRunId: null,
      dismissed: null,
    });
    await context.connect('test');
    const [rule] = testEstate().rules;
    expect(await readSteps()).toMatchObject({
      done: { sync: true, route: false },
      routeNode: `ru:${rule?.id}`,
    });

    const node = (await readSteps())?.routeNode ?? '';
    const gone = { ok: false, error: { form: { message: 'route.gone', values: { node: 'ru:none' } } } };
    expect(await noteRoute({ connectionId: 'test', node: 'ru:none' })).toMatchObject(gone);
    expect((await readSteps())?.done.route).toBe(false);
    expect(await noteRoute({ connectionId: 'test', node })).toEqual({ ok: true, value: null });
    expect(await noteRoute({ connectionId: 'test', node })).toEqual({ ok: true, value: null });
    expect((await readSteps())?.done.route).toBe(true);

    const runId = await begin(null, started());
    expect((await readSteps())?.done.split).toBe(false);
    await context.write(runId, { type: 'finished', result: 'done', at: at(), direction: 'apply' });
    expect(await readSteps()).toMatchObject({ done: { split: true, rollback: false }, splitRunId: runId });
    await context.write(runId, { type: 'finished', result: 'rolledBack', at: at(), direction: 'rollback' });
    expect((await readSteps())?.done).toEqual({ sync: true, route: true, split: true, rollback: true });
  });

  it('ignore a Split on a real account', async () => {
    await context.connect('live', 'tencent');
    const { id } = await context.plan(testSplit(), 'live');
    const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
    const runId = RunId.parse(row?.id);
    await context.write(runId, { type: 'finished', result: 'done', at: at(), direction: 'apply' });
    expect((await readSteps())?.done.split).toBe(false);
  });

  it('can be dismissed and resumed for all operators, and keep their progress', async () => {
    await showChecklist({ isShown: false });
    expect(await readSteps()).toMatchObject({ dismissed: { by: 'local' }, done: { sync: true } });
    await showChecklist({ isShown: true });
    expect((await readSteps())?.dismissed).toBeNull();
  });
});
