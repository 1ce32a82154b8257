import { beforeEach, describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { finishRehearsal } from '@/lib/rehearsal/event/finish-rehearsal';
import { fireDrill } from '@/lib/rehearsal/event/fire-drill';
import { getPlan } from '@/lib/server/plans/get-plan';
import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { commandRun } from '@/lib/server/runs/command-run';
import { getRun } from '@/lib/server/runs/get-run';
import { replanRun } from '@/lib/server/runs/replan-run';
import { runRehearsal } from '@/lib/worker/rehearsals/run-rehearsal';
import { testEstate, testRecord, testRule } from '@/testing/plan/test-estate';
import {
  accept,
  applied,
  doneAll,
  drift,
  inS,
  onlyOne,
  openDriftContext,
  other,
  read,
  readRecords,
  refused,
  restored,
  run,
  said,
} from '@/testing/server/test-drift';
import { restoreDrift } from './restore-drift';

const context = openDriftContext();

beforeEach(() => context.clear());

describe('restoring', () => {
  it('creates a plan that is reviewed and applied like any other, and that restores the state', async () => {
    const { planId } = await applied();
    await read(-30, { functions: [], ttlS: 300 });
    const { drifted } = await drift();
    const restoring = await restored(drifted.map(({ key }) => key));
    const view = await getPlan(restoring);
    expect(view).toMatchObject({
      isIntact: true,
      plan: { diversion: { name: 'Restore: 12.12 flash split' } },
    });
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : s.kind))).toEqual([
      'RegisterFunctionTargets',
      'probe',
      'ModifyRecordFields',
      'probe',
      'probe',
    ]);
    const runId = await run(restoring, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], unknown: [] });
    await read(-5, { ttlS: 300 });
    const again = await onlyOne();
    expect(again.by).toMatchObject({ planId: restoring, runId });
    expect(again.by.planId).not.toBe(planId);
    const twice = await getPlan(await restored([again.key]));
    expect(twice?.plan.diversion.name).toBe('Restore: 12.12 flash split');
  });

  it('is rehearsed at once, and stays: its rollback would bring the drift back', async () => {
    await applied();
    await read(-30, { functions: [] });
    const planId = await restored([(await onlyOne()).key]);
    const hash = (await getPlan(planId))?.hash ?? '';
    const started = await startRehearsal({ planId, hash, load: { peakRps: 100 } });
    invariant(started.ok, `it can be rehearsed: ${JSON.stringify(started)}`);
    const { rehearsalId } = started.value;
    await runRehearsal(
      {
        db: context.db,
        rehearse: async (input) => finishRehearsal(await fireDrill(input)),
        onError: (error) => Promise.reject(error),
      },
      rehearsalId,
    );
    expect(await getRehearsal(rehearsalId)).toMatchObject({
      state: 'done',
      cutover: null,
      report: { run: { state: 'done' }, t1: null },
    });
  });

  it('restores accepted drift, too, and replaces one function by another in one call', async () => {
    await applied();
    await read(-30, { functions: [other] });
    expect(await accept(await onlyOne())).toMatchObject({ ok: true });
    await read(-20);
    const { key } = await onlyOne();
    const view = await getPlan(await restored([key]));
    expect(view?.plan.restores).toMatchObject([{ state: { functions: [{ qualifier: '2' }] } }]);
    expect(view?.plan.steps).toMatchObject([{ call: { action: 'ModifyFunctionTargets' }, phase: 'divert' }]);
  });

  it('is not blocked by bindings that replaced its own', async () => {
    await applied();
    const target = { kind: 'CVM', instanceId: 'ins-web00001', instanceName: null, privateIp: null };
    const withTargets = { targets: [{ ...target, port: 80, weight: 10 }] };
    const rules = [...testEstate().rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', withTargets)];
    await read(-30, { functions: null }, { rules });
    const { key } = await onlyOne();
    const planId = await restored([key]);
    const view = await getPlan(planId);
    expect(view?.findings.filter(({ status }) => status === 'block')).toEqual([]);
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : []))).toEqual([
      ...['DeregisterTargets', 'RegisterFunctionTargets'],
    ]);
    await run(planId, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], unknown: [] });
  });

  it('is re-planned as a restore when its run is stopped', async () => {
    await applied();
    await read(-30, { ttlS: 300, functions: [other] });
    const { drifted } = await drift();
    const planId = await restored(drifted.map(({ key }) => key));
    const runId = await run(planId, 20, 1);
    await context.write(
      runId,
      said('stopped', { stepId: 's3', reason: { kind: 'internal', message: 'x' } }, inS(-15)),
    );
    await read(-10, { ttlS: 300 });
    const again = await replanRun({ runId, reason: '' });
    invariant(again.ok, `it is re-planned: ${JSON.stringify(again)}`);
    const view = await getPlan(again.value.planId);
    expect(view?.plan.restores).toEqual((await getPlan(planId))?.plan.restores);
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : []))).toEqual([
      'ModifyRecordFields',
    ]);
  });

  it('is drift again after its rollback, and the acceptance is valid again', async () => {
    const { runId: first } = await applied();
    await read(-50, { ttlS: 300 });
    const found = await onlyOne();
    expect(await accept(found)).toMatchObject({ ok: true });
    await read(-45);
    const planId = await restored([(await onlyOne()).key]);
    const runId = await run(planId, 40);
    await read(-35, { ttlS: 300 });
    expect(await drift()).toMatchObject({ drifted: [], accepted: [] });
    await commandRun({ runId, command: 'rollback', reason: '', typedDomain: null });
    const back = (await getRun(runId))?.plan.rollback.filter(({ kind }) => kind === 'write') ?? [];
    await context.write(
      runId,
      said('started', { actor: 'local', attempt: 2 }, inS(-30), 'rollback'),
      ...doneAll(
        back.map(({ id }) => id),
        inS(-30),
        'rollback',
      ),
      said('finished', { result: 'rolledBack' }, inS(-30), 'rollback'),
    );
    expect((await drift()).unknown.map(({ why }) => why.kind)).toEqual(['notSynced']);
    await read(-25);
    expect(await onlyOne()).toMatchObject({
      by: { runId: first },
      accepted: { reason: 'a hotfix that stays' },
      expected: { records: [{ ttlS: 300 }] },
    });
  });

  it('is not applied if the found state differs from that of the plan', async () => {
    await applied();
    await read(-30, { ttlS: 300 });
    const { key } = await onlyOne();
    const planId = await restored([key]);
    await read(-20, { ttlS: 200 });
    const view = await getPlan(planId);
    expect(
      await applyPlan({ planId, hash: view?.hash ?? '', typedDomain: null, cutover: null }),
    ).toMatchObject(refused('plan.outdated'));
  });

  it('reports if no plan is possible, and creates none', async () => {
    await applied();
    await read(-30, {}, { records: [...readRecords('127.77.1.2'), testRecord(13, 'flash', '203.0.113.9')] });
    const { key, restore } = await onlyOne();
    expect(restore).toEqual({ kind: 'cannot', reason: 'extraRecord' });
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('drift.cannot'));
    expect(await restoreDrift({ connectionId: 'test', keys: ['rule/none'] })).toMatchObject(
      refused('drift.gone'),
    );
    expect(await restoreDrift({ connectionId: 'test', keys: [] })).toMatchObject({ ok: false });
  });

  it('waits for an open run on the object', async () => {
    await applied();
    await read(-30, { ttlS: 300 });
    const { key } = await onlyOne();
    const view = await getPlan(await restored([key]));
    const hash = view?.hash ?? '';
    const made = await applyPlan({ planId: view?.id ?? '', hash, typedDomain: null, cutover: null });
    invariant(made.ok, 'the plan is applied');
    // It is still queued.
    const { unknown } = await drift();
    expect(unknown).toMatchObject([{ key, why: { kind: 'busy', runId: made.value.runId } }]);
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('drift.gone'));
  });
});
