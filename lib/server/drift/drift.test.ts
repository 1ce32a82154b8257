import { beforeEach, describe, expect, it } from 'vitest';
import { runAttempts, runs } from '@/lib/db/schema';
import type { ConnectionId } from '@/lib/estate/ids';
import { planHash } from '@/lib/plan/model/hash';
import type { Plan } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { getRail } from '@/lib/server/operations/get-rail';
import { commandRun } from '@/lib/server/runs/command-run';
import { getRun } from '@/lib/server/runs/get-run';
import { storePlan } from '@/lib/store/plans/make-plan';
import { testEstate } from '@/testing/plan/test-estate';
import {
  accept,
  applied,
  buildTestRule,
  doneAll,
  drift,
  inS,
  onlyOne,
  openDriftContext,
  other,
  read,
  refused,
  run,
  said,
} from '@/testing/server/test-drift';
import { acceptDrift } from './accept-drift';
import { getDrift } from './get-drift';
import { restoreDrift } from './restore-drift';

const context = openDriftContext();

beforeEach(() => context.clear());

describe('drift', () => {
  it('is not checked before a plan is applied, nor before the first sync', async () => {
    await context.connect('test');
    expect(await drift()).toMatchObject({ watched: 0, drifted: [], unknown: [], accepted: [] });
    expect(await getDrift('nowhere')).toBeNull();
  });

  it('is unknown until the first sync after the run, and then empty', async () => {
    const { runId, planId } = await applied();
    expect(await drift()).toMatchObject({ watched: 2, drifted: [] });
    expect((await drift()).unknown.map(({ why }) => why.kind)).toEqual(['notSynced', 'notSynced']);
    await read(-30);
    expect(await drift()).toMatchObject({ watched: 2, drifted: [], unknown: [] });
    await read(-20, { ttlS: 61 });
    expect(await onlyOne()).toMatchObject({
      object: { kind: 'recordSet', subdomain: 'flash' },
      expected: { records: [{ value: '127.77.1.2', ttlS: 60 }] },
      found: { records: [{ value: '127.77.1.2', ttlS: 61 }] },
      by: { planId, runId },
      accepted: null,
      since: null,
      restore: { kind: 'plan' },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1 } });
    await read(-10);
    expect(await getRail()).toMatchObject({ drifted: { test: 0 } });
  });

  it('is unknown in parts that could not be read', async () => {
    await applied();
    await read(-30, { functions: null }, { gaps: [{ part: 'clb/ap-singapore', reason: 'denied' }] });
    const { drifted, unknown } = await drift();
    expect(drifted).toEqual([]);
    expect(unknown).toMatchObject([
      { object: { kind: 'rule' }, why: { kind: 'unread', part: 'clb/ap-singapore/lb-scf' } },
    ]);
  });

  it('excludes objects that a run still has to write, and those that it has rolled back', async () => {
    await context.connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
    const runId = await run((await context.plan()).id, 60, 1);
    await read(-30, { functions: [other], value: '127.77.1.1' });
    expect(await drift()).toMatchObject({ drifted: [], unknown: [{ why: { kind: 'busy', runId } }] });

    const view = await getRun(runId);
    await context.write(
      runId,
      said('stopped', { stepId: 's2', reason: { kind: 'internal', message: 'x' } }, inS(-20)),
    );
    await commandRun({ runId, command: 'rollback', reason: '', typedDomain: null });
    const back = (view?.plan.rollback ?? []).filter(({ kind }) => kind === 'write').map(({ id }) => id);
    await context.write(
      runId,
      said('started', { actor: 'local', attempt: 2 }, inS(-15), 'rollback'),
      ...doneAll(back, inS(-15), 'rollback'),
      said('finished', { result: 'rolledBack' }, inS(-15), 'rollback'),
    );
    expect(await drift()).toMatchObject({ watched: 0, drifted: [], unknown: [] });
  });
});

describe('a plan that spans accounts', () => {
  it('is compared with the snapshot of each object’s account', async () => {
    await context.connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
    const { plan } = await context.plan();
    // As if the load balancer of lane B were in another account.
    const steps = plan.steps.map((step) =>
      step.kind === 'write' && step.object.kind === 'rule'
        ? { ...step, object: { ...step.object, connectionId: 'other' as ConnectionId } }
        : step,
    );
    const severalAccounts: Plan = { ...plan, steps };
    const estate = testEstate({ takenAt: inS(-120) });
    const planId = await storePlan(
      { plan: severalAccounts, hash: await planHash(severalAccounts), estate },
      { name: 'local', accountId: null },
    );
    const [stored] = await context.db.insert(runs).values({ planId, createdBy: 'local' }).returning();
    const runId = RunId.parse(stored?.id);
    const attempt = { runId, attempt: 1, direction: 'apply', actor: 'local' } as const;
    await context.db.insert(runAttempts).values(attempt);
    const writes = steps.filter(({ kind }) => kind === 'write').map(({ id }) => id);
    const finished = said('finished', { result: 'done' }, inS(-60));
    const started = said('started', { actor: 'local', attempt: 1 }, inS(-60));
    await context.write(RunId.parse(runId), started, ...doneAll(writes, inS(-60)), finished);

    // The other account has not been synced yet.
    await read(-30, { functions: null });
    expect(await drift()).toMatchObject({ drifted: [], unknown: [{ why: { kind: 'notSynced' } }] });
    expect(await getRail()).toMatchObject({ drifted: { test: 0 } });
    const rules = [...testEstate().rules, buildTestRule([other])];
    await context.connect('other', 'sandbox', testEstate({ takenAt: inS(-20), rules, records: [] }));
    expect(await onlyOne()).toMatchObject({
      object: { kind: 'rule', connectionId: 'other' },
      found: { functions: [{ qualifier: '2' }] },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1, other: 0 } });
  });
});

describe('a run that is in effect until T1', () => {
  it('shows drift, and refuses other plans until it has ended', async () => {
    const { runId } = await applied();
    const gate = said('gate', { gate: 'T1', due: inS(3600) }, inS(-55));
    await context.write(runId, said('started', { actor: 'local', attempt: 1 }, inS(-56)), gate);
    expect(await getRun(runId)).toMatchObject({ state: 'diverted' });
    await read(-30, { ttlS: 300 });
    const { key, restore } = await onlyOne();
    expect(restore).toEqual({ kind: 'open', runId });
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('run.overlap'));
  });
});

describe('accepting drift', () => {
  it('makes the found state the expected state, with actor and reason, until it changes again', async () => {
    const { runId } = await applied();
    await read(-30, { functions: [other] });
    const found = await onlyOne();
    expect(await accept(found)).toEqual({ ok: true, value: null });
    const { drifted, accepted } = await drift();
    expect(drifted).toEqual([]);
    expect(accepted).toMatchObject([
      {
        key: found.key,
        expected: found.expected,
        found: found.found,
        by: { runId },
        accepted: { actor: 'local', reason: 'a hotfix that stays' },
      },
    ]);
    // The state that the plan had left is drift now, too.
    await read(-20);
    expect(await onlyOne()).toMatchObject({
      expected: found.found,
      found: found.expected,
      accepted: { reason: 'a hotfix that stays' },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1 } });
  });

  it('is no longer valid after the next plan has written to the object', async () => {
    await applied();
    await read(-50, { functions: [] });
    expect(await accept(await onlyOne())).toMatchObject({ ok: true });
    const { id } = await context.plan();
    await run(id, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], accepted: [] });
    await read(-5, { functions: [] });
    expect(await onlyOne()).toMatchObject({ accepted: null, by: { planId: id } });
  });

  it('requires a reason, and the reviewed state', async () => {
    await applied();
    await read(-30, { functions: [] });
    const found = await onlyOne();
    expect(await accept(found, ' ')).toMatchObject({
      ok: false,
      error: { fields: { reason: ['reason.missing'] } },
    });
    await read(-20, { functions: [other] });
    expect(await accept(found)).toMatchObject(refused('drift.changed'));
    await read(-10);
    expect(await accept(found)).toMatchObject(refused('drift.gone'));
    const objects = [{ key: 'k', mark: 'm' }];
    expect(await acceptDrift({ connectionId: 'nowhere', objects, reason: 'r' })).toMatchObject(
      refused('connection.gone'),
    );
  });

  it('accepts all objects or none', async () => {
    await applied();
    await read(-30, { functions: [], ttlS: 300 });
    const objects = (await drift()).drifted.map(({ key, mark }) => ({ key, mark }));
    const wrong = objects.map((each, nth) => (nth === 0 ? each : { ...each, mark: 'other' }));
    const acceptAll = (some: typeof objects) =>
      acceptDrift({ connectionId: 'test', objects: some, reason: 'the sandbox data was replaced' });
    expect(await acceptAll(wrong)).toMatchObject(refused('drift.changed'));
    expect((await drift()).drifted).toHaveLength(2);
    expect(await acceptAll(objects)).toMatchObject({ ok: true });
    expect(await drift()).toMatchObject({ drifted: [], accepted: [{}, {}] });
  });
});
