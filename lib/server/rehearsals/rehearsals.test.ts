import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { rehearsals } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { cancelRehearsal } from './cancel-rehearsal';
import { getRehearsal, listRehearsals } from './get-rehearsal';
import { startRehearsal } from './start-rehearsal';

const context = testContext();

let plan: { readonly planId: PlanId; readonly hash: string };

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  const planned = await createPlan({ connectionId: 'test', diversion: testSplit({ provisioned: 5 }) });
  invariant(planned.ok, 'the plan is stored');
  const view = await getPlan(planned.value.planId);
  invariant(view !== null, 'it is there');
  plan = { planId: view.id, hash: view.hash };
});

async function start(more: object = {}): Promise<string> {
  const started = await startRehearsal({ ...plan, ...more });
  invariant(started.ok, `it is accepted: ${JSON.stringify(started)}`);
  return started.value.rehearsalId;
}

describe('a rehearsal', () => {
  it('is stored and queued with the scenario of its plan and the usual schedule', async () => {
    const id = await start({ load: { peakRps: 9000 }, settings: { seed: 7 } });
    expect(id).toMatch(/^H-\d{4}$/);
    const view = await getRehearsal(id);
    expect(view).toMatchObject({
      ...plan,
      state: 'queued',
      progress: 0,
      verdict: null,
      report: null,
      seed: 7,
      settings: { scenario: { demand: { peakRps: 9000 } } },
    });
    const cutover = view?.cutover;
    invariant(cutover?.t1 != null, 'the usual schedule ends');
    expect(Date.parse(cutover.t1) - Date.parse(cutover.t0)).toBe(7_200_000);
    expect(view?.settings.scenario.functions[0]?.provisioned).toEqual([{ atS: 300, instances: 5 }]);
    expect(await listRehearsals(plan.planId)).toMatchObject([{ id, seed: 7, faults: 0 }]);
  });

  it('sends the load of a Split to its names on functions, unless weights are given', async () => {
    const weights = async (settings: object) =>
      (await getRehearsal(await start({ settings })))?.settings.hostWeights;
    expect(await weights({})).toEqual({ 'shop.example.co.id': 0.05 });
    const hostWeights = { 'shop.example.co.id': 2, 'flash.example.co.id': 3 };
    expect(await weights({ hostWeights })).toEqual(hostWeights);
  });

  it('can have a schedule and faults of its own', async () => {
    const cutover = {
      t0: '2030-12-12T00:00:00.000Z',
      t1: '2030-12-12T01:00:00.000Z',
      prewarmS: 120,
      zone: 'Asia/Jakarta',
      missedT0: { kind: 'skip' },
      guards: [],
    } as const;
    const faults = { kinds: ['apiErrors'], count: 3 };
    const id = await start({ cutover, settings: { faults } });
    expect(await getRehearsal(id)).toMatchObject({ cutover, faults: 3, settings: { faults } });
  });

  it('keeps the commands of operators with their times, and names the one whose time is no number', async () => {
    const commands = [
      { atS: 300, kind: 'rollback' },
      { atS: -60, kind: 'pause' },
    ] as const;
    expect(await getRehearsal(await start({ settings: { commands } }))).toMatchObject({
      settings: { commands },
    });
    const wrong = [commands[0], { atS: Number.NaN, kind: 'pause' }] as const;
    expect(await startRehearsal({ ...plan, settings: { commands: wrong } })).toMatchObject({
      ok: false,
      error: { fields: { 'settings.commands.1.atS': ['command.time'] } },
    });
  });

  it('is refused for another hash, and for fields out of range', async () => {
    expect(await startRehearsal({ ...plan, hash: 'other' })).toMatchObject({
      ok: false,
      error: { form: { message: 'plan.otherHash' } },
    });
    expect(await startRehearsal({ ...plan, load: { peakRps: -1 } })).toMatchObject({
      ok: false,
      error: { fields: { 'load.peakRps': ['amount.invalid'] } },
    });
  });

  it('is refused while five of the plan have not ended', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map((seed) => start({ settings: { seed } })));
    expect(await startRehearsal(plan)).toMatchObject({
      ok: false,
      error: { form: { message: 'rehearsal.busy', values: { count: 5 } } },
    });
    expect(await cancelRehearsal({ rehearsalId: ids[0] ?? '' })).toEqual({ ok: true, value: null });
    await start();
  });

  it('can be canceled until it has ended', async () => {
    const id = await start();
    expect(await cancelRehearsal({ rehearsalId: id })).toEqual({ ok: true, value: null });
    expect(await getRehearsal(id)).toMatchObject({ state: 'canceled' });
    expect(await cancelRehearsal({ rehearsalId: id })).toMatchObject({
      ok: false,
      error: { form: { message: 'rehearsal.ended', values: { id } } },
    });
  });

  it('names others of its plan that have a report', async () => {
    const [one, other] = [await start(), await start()];
    await context.db.update(rehearsals).set({ state: 'done', verdict: 'met' }).where(eq(rehearsals.id, one));
    expect((await getRehearsal(other))?.others.map(({ id }) => id)).toEqual([one]);
  });

  it('is null when it does not exist', async () => {
    expect(await getRehearsal('H-9999')).toBeNull();
  });
});
