import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFlip, type SwitchSide } from '@/lib/diversion/switch';
import { getRecordSetState } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import type { RecordSetRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { findDnsChange } from '@/lib/plan/model/dns-change';
import type { OriginalTtl, Plan, Step } from '@/lib/plan/model/model';
import { resolveDiversion } from '@/lib/plan/model/resolve-route';
import { planRestore } from '@/lib/plan/plan-restore';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { anyOrder, sharedSeed, situations } from '@/testing/plan/planned-situations';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { readAgain } from '@/testing/plan/test-read-again';
import { walkBack, walkThere } from '@/testing/plan/test-walk';
import { leftRun } from '@/testing/run/test-left-run';
import { createStock, type Stock } from '@/testing/simulation/cloud/stock';
import { generateSituation, type Situation } from '@/testing/simulation/generate-situation';
import { listOriginalTtls } from './read-original-ttls';

const now = new Date('2026-12-12T12:00:00.000Z');

/** A diversion as one of several plans has it: a Switch may move to either side at once, as a failover does. */
function intent({ diversion }: Situation, toward: SwitchSide | null) {
  return diversion.kind === 'switch' && toward !== null ? buildFlip(diversion, toward) : diversion;
}

/** Plans on a stock, knowing the TTLs that the earlier runs have lowered. */
function planAgain(
  given: Situation,
  stock: Stock,
  { runs, toward }: { runs: readonly RunRecord[]; toward: SwitchSide | null },
) {
  const estate = readAgain(given.estate, stock);
  const diversion = intent(given, toward);
  const originalTtls = listOriginalTtls(runs, now);
  return createTestPlan({ estate, diversion, originalTtls });
}

const ttls = (records: readonly DnsRecord[], of: readonly DnsRecord[]) =>
  of.map(({ id }) => [id, records.find((record) => record.id === id)?.ttlS]);

/**
 * Returns whether a plan can't move one of its names, which the preflight blocks: it then changes none of its records.
 */
function isBlocked(given: Situation, stock: Stock, toward: SwitchSide | null): boolean {
  const estate = readAgain(given.estate, stock);
  const diversion = intent(given, toward);
  const found = resolveDiversion(estate, diversion);
  invariant(found.ok, 'it was planned');
  return found.value.resolved.some(({ route, hostName, loadBalancer }) => {
    if (diversion.kind === 'switch' && route.to !== diversion.toward) return false;
    const own = estate.records.filter(
      (record) => (record.subdomain === '@' ? '' : `${record.subdomain}.`) + record.zone === hostName,
    );
    const lines = [...new Set(own.map(({ lineId }) => lineId))];
    return lines.some((line) => {
      const { kind } = findDnsChange(
        own.filter(({ lineId }) => lineId === line),
        loadBalancer,
      );
      return kind === 'taken' || kind === 'noAddress';
    });
  });
}

/** Situations without an object in the way of one to be created, which holds a run at its first check. */
const situation = situations(generateSituation).filter(({ estate, diversion }) =>
  diversion.creates.loadBalancers.every(({ name }) => estate.loadBalancers.every((lb) => lb.name !== name)),
);
const side = fc.constantFrom<SwitchSide>('cvm', 'function');
/** Runs that are left as is after a number of writes. */
const aborted = fc.array(fc.record({ cut: fc.nat({ max: 12 }), toward: fc.option(side) }), {
  minLength: 1,
  maxLength: 3,
});

/** Applies plans that are each left as is after some writes, and returns what they leave. */
function leave(given: Situation, cuts: readonly { cut: number; toward: SwitchSide | null }[]) {
  let stock = createStock(given.estate);
  const runs: RunRecord[] = [];
  cuts.forEach(({ cut, toward }, nth) => {
    const plan = planAgain(given, stock, { runs, toward });
    const walked = walkThere(stock, plan, anyOrder(nth + 1), cut);
    stock = walked.stock;
    runs.push(leftRun(nth + 1, plan, walked));
  });
  return { stock, runs };
}

describe('the original TTLs of records', () => {
  const set: RecordSetRef = {
    kind: 'recordSet',
    zone: 'example.co.id',
    subdomain: 'shop',
    lineId: '0',
    line: '默认',
  };
  const shop = (ttlS: number) => testEstate({ records: [testRecord(11, 'shop', '127.77.1.1', { ttlS })] });
  const left = (ttlS: number) => ({ object: set, state: getRecordSetState(shop(ttlS), set) });
  const restore = (from: number, to: number, originalTtls: readonly OriginalTtl[] = []) => {
    const input = { diversion: testSplit(), restores: [left(to)], keepAliveS: 75, originalTtls };
    const planned = planRestore({ estate: shop(from), ...input });
    invariant(planned.ok, 'the record is there');
    return planned.value;
  };
  const writes = ({ steps }: Pick<Plan, 'steps'>) =>
    steps.flatMap((step) => (step.kind === 'write' ? [step] : []));

  it('are not what a restore of drift has changed', () => {
    const plan = restore(300, 60);
    const done = writes(plan).map(({ id }) => id);
    expect(done).toHaveLength(1);
    expect(listOriginalTtls([leftRun(1, plan, { done, placeholders: new Map() })], now)).toEqual([]);
  });

  it('are restored with drift, instead of the TTL that a run that was left as is has left', () => {
    const original = { set, record: { type: 'A', value: '127.77.1.1' }, loweredS: 60, ttlS: 600, cachedS: 0 };
    const afters = writes(restore(300, 60, [original])).map(({ after }) => after);
    expect(afters).toEqual([left(600).state]);
    expect(writes(restore(600, 60, [original]))).toEqual([]);
  });

  it('are waited for only where the record was enabled when it was lowered', () => {
    const flash = (serving: number, disabled: number) =>
      testEstate({
        records: [
          testRecord(12, 'flash', '127.77.1.1', { ttlS: serving }),
          testRecord(13, 'flash', '127.77.1.2', { ttlS: disabled, enabled: false }),
        ],
      });
    const diversion = { ...testSwitch(), lowerTtlS: 60 };
    /** Plans a Switch again two minutes after a run of it has lowered both TTLs and was left as is. */
    const planLater = (serving: number, disabled: number) => {
      const given = { estate: flash(serving, disabled), diversion };
      const plan = planAgain(given, createStock(given.estate), { runs: [], toward: null });
      const done = writes(plan).flatMap(({ id, phase, object }) =>
        phase === 'prewarm' && object.kind === 'recordSet' ? [id] : [],
      );
      const run = leftRun(1, plan, { done, placeholders: new Map() });
      const originalTtls = listOriginalTtls([run], new Date('2026-12-12T00:02:00.000Z'));
      const planned = createTestPlan({ estate: flash(60, 60), diversion, originalTtls });
      return { originalTtls, plan: planned };
    };
    const isWait = ({ kind, phase }: Step) => kind === 'bake' && phase === 'prewarm';
    const both = planLater(300, 900);
    expect(both.originalTtls).toMatchObject([
      { ttlS: 300, cachedS: 180 },
      { ttlS: 900, cachedS: 0 },
    ]);
    expect(both.plan.steps.filter(isWait)).toMatchObject([{ oldTtlS: 180 }]);
    const disabled = planLater(60, 900);
    expect(disabled.originalTtls).toMatchObject([{ ttlS: 900, cachedS: 0 }]);
    expect(disabled.plan.steps.filter(isWait)).toEqual([]);
    // Both end with the old TTLs, after the drain and after the rollback.
    for (const steps of [both.plan.steps, both.plan.rollback])
      expect(writes({ steps }).findLast(({ object }) => object.kind === 'recordSet')?.after).toMatchObject({
        records: [{ ttlS: 300 }, { ttlS: 900 }],
      });
  });

  it('are restored by the next plan that is applied, whatever earlier runs did and left', () => {
    fc.assert(
      fc.property(situation, aborted, side, (given, cuts, toward) => {
        const { stock, runs } = leave(given, cuts);
        fc.pre(!isBlocked(given, stock, toward));
        const plan = planAgain(given, stock, { runs, toward });
        const { records } = walkThere(stock, plan, anyOrder(1)).stock;
        expect(ttls(records, given.estate.records)).toEqual(ttls(given.estate.records, given.estate.records));
      }),
      { numRuns: 200, seed: sharedSeed },
    );
  });

  it('are restored at T1 by a run that has moved traffic', () => {
    fc.assert(
      fc.property(situation, aborted, side, (given, cuts, toward) => {
        const { stock, runs } = leave(given, cuts);
        fc.pre(!isBlocked(given, stock, toward));
        const plan = planAgain(given, stock, { runs, toward });
        fc.pre(plan.steps.some(({ kind, phase }) => kind === 'write' && phase === 'divert'));
        // A run with a T1 leaves out the drain.
        const steps = plan.steps.filter(({ phase }) => phase !== 'drain');
        const there = walkThere(stock, { ...plan, steps }, anyOrder(1));
        const { records } = walkBack(there, plan, anyOrder(2)).stock;
        expect(ttls(records, given.estate.records)).toEqual(ttls(given.estate.records, given.estate.records));
      }),
      { numRuns: 200, seed: sharedSeed },
    );
  });
});
