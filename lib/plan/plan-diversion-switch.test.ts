import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import type { RecordSetState, RecordState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testLoadBalancer, testRecord, testSwitch } from '@/testing/plan/test-estate';
import type { Step, WriteStep } from './model/model';

const [cvmVip, functionVip] = ['127.77.1.1', '127.77.1.2'];

function buildPlan(
  estate: Estate,
  {
    lowerTtlS = null,
    ...options
  }: Parameters<typeof testSwitch>[0] & { readonly lowerTtlS?: number | null } = {},
) {
  const diversion = { ...testSwitch(options), lowerTtlS };
  return createTestPlan({ estate, diversion });
}

const listWrites = (steps: readonly Step[]) =>
  steps.filter((step): step is WriteStep => step.kind === 'write' && step.object.kind === 'recordSet');
const listRecords = (step: WriteStep): readonly RecordState[] => (step.after as RecordSetState).records;

/** Returns the share of a value among the answers of a line, in %; null if the line has no answer. */
function recordShare(value: string, records: readonly RecordState[]): number | null {
  const on = records.filter((record) => record.enabled && record.type === 'A');
  if (on.length === 0) return null;
  const weights = on.map((record) => record.weight);
  const isWeighted = weights.every((weight) => weight !== null);
  const total = isWeighted ? weights.reduce((sum: number, weight) => sum + (weight ?? 0), 0) : on.length;
  const mine = on
    .filter((record) => record.value === value)
    .reduce((sum, record) => sum + (isWeighted ? (record.weight ?? 0) : 1), 0);
  return (mine / total) * 100;
}

const served = testEstate({ records: [testRecord(12, 'flash', cvmVip ?? '')] });

describe('planDiversion', () => {
  it('flips by enabling the new record before disabling the old one', () => {
    const { steps } = buildPlan(served);
    expect(listWrites(steps).map((step) => step.call.action)).toEqual([
      'CreateRecord',
      'ModifyRecordStatus',
      'ModifyRecordStatus',
    ]);
    expect(steps.map((step) => step.phase)).toEqual([
      ...['prewarm', 'prewarm', 'prewarm'],
      ...['divert', 'divert', 'divert', 'verify', 'verify'],
    ]);
    expect(recordShare(functionVip ?? '', listRecords(listWrites(steps).at(-1) as WriteStep))).toBe(100);
  });

  it('ramps by weights, with a bake between two shares that outlasts old answers', () => {
    const { steps } = buildPlan(served, { ramp: [10, 50, 100] });
    const bakes = steps.filter((step) => step.kind === 'bake');
    expect(bakes).toMatchObject([
      { bakeS: 300, oldTtlS: 60 },
      { bakeS: 300, oldTtlS: 60 },
    ]);
    const shares = steps.flatMap((step, index) => {
      const next = steps[index + 1];
      if (next?.kind !== 'bake' && next?.phase !== 'verify') return [];
      return step.kind === 'write' ? [recordShare(functionVip ?? '', listRecords(step))] : [];
    });
    expect(shares.slice(0, 3)).toEqual([10, 50, 100]);
  });

  it('moves back only by status if both sides have their records', () => {
    const both = testEstate({
      records: [
        testRecord(12, 'flash', cvmVip ?? '', { enabled: false }),
        testRecord(13, 'flash', functionVip ?? ''),
      ],
    });
    const { steps } = buildPlan(both, { toward: 'cvm' });
    expect(listWrites(steps).map((step) => step.call.action)).toEqual([
      'ModifyRecordStatus',
      'ModifyRecordStatus',
    ]);
  });

  it('flips between an address and a name by changing one record in place, in both directions', () => {
    const named = { vips: [], domain: 'lb-scf.clb.example.net' };
    const balancers = [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', named)];
    const records = (change: object) => [testRecord(12, 'flash', cvmVip ?? '', change)];
    const { steps, rollback } = buildPlan(testEstate({ loadBalancers: balancers, records: records({}) }));
    expect(listWrites(steps).map(({ call }) => [call.action, call.params.Value])).toEqual([
      ['ModifyRecord', 'lb-scf.clb.example.net'],
    ]);
    expect(listWrites(rollback).map(({ call }) => [call.action, call.params.Value])).toEqual([
      ['ModifyRecord', cvmVip],
    ]);
    const cname = records({ type: 'CNAME', value: 'lb-scf.clb.example.net' });
    const back = buildPlan(testEstate({ loadBalancers: balancers, records: cname }), { toward: 'cvm' });
    expect(listWrites(back.steps).map(({ call }) => call.params.Value)).toEqual([cvmVip]);
    // It can't move by shares at all.
    const shares = buildPlan(testEstate({ loadBalancers: balancers, records: records({}) }), {
      ramp: [10, 100],
    });
    expect(listWrites(shares.steps)).toEqual([]);
  });

  it('does nothing if everything is in the desired state', () => {
    expect(buildPlan(served, { toward: 'cvm' }).steps).toEqual([]);
  });

  describe.each(['cvm', 'function'] as const)(
    'toward %s, with a lower TTL and a record of each side',
    (toward) => {
      /** Returns an estate whose serving record and whose disabled record have these TTLs, in seconds. */
      const withTtls = (serving: number, disabled: number) => {
        const isServing = { cvm: toward === 'function', function: toward === 'cvm' };
        const record = (id: number, side: SwitchSide, value = '') =>
          testRecord(id, 'flash', value, {
            enabled: isServing[side],
            ttlS: isServing[side] ? serving : disabled,
          });
        return testEstate({ records: [record(12, 'cvm', cvmVip), record(13, 'function', functionVip)] });
      };
      const listTtls = (step?: WriteStep) =>
        step === undefined ? [] : listRecords(step).map(({ ttlS }) => ttlS);
      const ramps = [[100], [10, 50, 100], [20]];

      it.each(ramps)(
        'has it on both while traffic moves, and the old TTLs after the drain and the rollback',
        (...ramp) => {
          const { steps, rollback } = buildPlan(withTtls(600, 300), { toward, ramp, lowerTtlS: 60 });
          const inPhase = (phase: Step['phase']) => listWrites(steps).filter((step) => step.phase === phase);
          expect(inPhase('prewarm').map(({ call }) => call.params.FieldList)).toEqual(
            Array.from({ length: 2 }, () => [{ Key: 'ttl', Value: '60' }]),
          );
          expect(inPhase('divert').map(listTtls)).toEqual(inPhase('divert').map(() => [60, 60]));
          const old = toward === 'function' ? [600, 300] : [300, 600];
          expect(listTtls(inPhase('drain').at(-1))).toEqual(old);
          expect(listTtls(listWrites(rollback).at(-1))).toEqual(old);
          // Both have it until no name leads to the gaining side any more.
          const moves = new Set(inPhase('divert').map(({ id }) => id));
          const last = listWrites(rollback).findLastIndex(
            ({ undoes }) => undoes !== null && moves.has(undoes),
          );
          expect(listTtls(listWrites(rollback)[last])).toEqual([60, 60]);
          const restores = listWrites(rollback).slice(last + 1);
          expect(restores.map(({ phase }) => phase)).toEqual(['drain', 'drain']);
        },
      );

      it('waits for answers with the old TTL of the serving record, not of the disabled one', () => {
        const { steps } = buildPlan(withTtls(300, 900), { toward, lowerTtlS: 60 });
        const [first, second] = listWrites(steps);
        const wait = steps.find(({ kind, phase }) => kind === 'bake' && phase === 'prewarm');
        expect(wait).toMatchObject({ bakeS: 0, oldTtlS: 300, needs: [first?.id] });
        expect(listTtls(first).toSorted((a, b) => a - b)).toEqual([60, 900]);
        expect(listTtls(second)).toEqual([60, 60]);
      });

      it('waits for nothing before the move if only the disabled record has a higher one', () => {
        const { steps, rollback } = buildPlan(withTtls(60, 600), { toward, lowerTtlS: 60 });
        expect(listWrites(steps)[0]).toMatchObject({ phase: 'prewarm' });
        expect(listWrites(steps).slice(1, 3).map(listTtls)).toEqual([
          [60, 60],
          [60, 60],
        ]);
        expect(steps.filter(({ kind }) => kind === 'bake')).toMatchObject([
          { phase: 'drain', bakeS: 135, oldTtlS: 60 },
        ]);
        const old = toward === 'function' ? [60, 600] : [600, 60];
        expect(listTtls(listWrites(steps).at(-1))).toEqual(old);
        expect(listTtls(listWrites(rollback).at(-1))).toEqual(old);
      });

      it('leaves a lower TTL as it is', () => {
        const { steps } = buildPlan(withTtls(600, 30), { toward, lowerTtlS: 60 });
        const ttls = toward === 'function' ? [60, 30] : [30, 60];
        const moves = listWrites(steps).filter(({ phase }) => phase === 'divert');
        expect(moves.map(listTtls)).toEqual(moves.map(() => ttls));
      });
    },
  );

  it('lowers the TTL of all losing records, and of no disabled record that stays disabled', () => {
    const estate = testEstate({
      records: [
        testRecord(12, 'flash', cvmVip ?? '', { ttlS: 600 }),
        testRecord(13, 'flash', functionVip ?? '', { ttlS: 600, enabled: false }),
        testRecord(14, 'flash', '127.77.1.9', { ttlS: 300 }),
        testRecord(15, 'flash', '127.77.1.10', { ttlS: 900, enabled: false }),
      ],
    });
    const { steps } = buildPlan(estate, { ramp: [10, 100], lowerTtlS: 60 });
    const lowered = listWrites(steps).filter(({ phase }) => phase === 'prewarm');
    expect(lowered.map(({ call }) => call.params.RecordId)).toEqual([12, 14, 13]);
    const ttls = listWrites(steps).at(-1)?.after;
    expect(ttls).toMatchObject({
      records: [{ ttlS: 600 }, { ttlS: 600 }, { ttlS: 300 }, { ttlS: 900 }],
    });
  });

  /** Some A records of the name on two lines, enabled and disabled, weighted or not. */
  const arbitrary = fc
    .uniqueArray(
      fc.record({
        value: fc.constantFrom('127.77.1.1', '127.77.1.2', '127.77.1.9'),
        lineId: fc.constantFrom('0', '10=1'),
        enabled: fc.boolean(),
        weight: fc.constantFrom(null, 10, 40),
      }),
      { maxLength: 6, selector: ({ value, lineId }) => `${lineId} ${value}` },
    )
    .map((records) =>
      testEstate({
        records: records.map(({ value, ...rest }, i) => testRecord(20 + i, 'flash', value, rest)),
      }),
    );
  const ramps = fc
    .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 })
    .map((ramp) => ramp.toSorted((a, b) => a - b));

  it('property: every line keeps its answers in both directions; the last share is reached; the rollback restores the original state', () => {
    fc.assert(
      fc.property(
        arbitrary,
        ramps,
        fc.constantFrom<SwitchSide>('cvm', 'function'),
        (estate, ramp, toward) => {
          const plan = buildPlan(estate, { toward, ramp });
          const starts = new Map<string, RecordSetState>();
          const ends = new Map<string, RecordSetState>();
          for (const steps of [plan.steps, plan.rollback]) {
            for (const step of listWrites(steps)) {
              const key = objectKey(step.object);
              const before = step.before as RecordSetState;
              const first = starts.get(key) ?? before;
              starts.set(key, first);
              expect(sameState(ends.get(key) ?? before, before)).toBe(true);
              ends.set(key, step.after as RecordSetState);
              if (first.records.some((record) => record.enabled))
                expect(listRecords(step).some((record) => record.enabled)).toBe(true);
            }
            if (steps !== plan.steps) continue;
            const gaining = toward === 'function' ? functionVip : cvmVip;
            for (const state of ends.values()) {
              const share = recordShare(gaining ?? '', state.records) ?? 0;
              const losing = state.records.filter(
                (record) => record.enabled && record.value !== gaining,
              ).length;
              // Several losing records share the rest in whole weights.
              expect(Math.abs(share - (losing === 0 ? 100 : (ramp.at(-1) ?? 0)))).toBeLessThan(2);
            }
          }
          for (const [key, start] of starts) {
            const end = ends.get(key);
            expect(end !== undefined && sameState(end, start)).toBe(true);
          }
        },
      ),
    );
  });

  it('property: dependencies come first, and a bake follows every share except the last', () => {
    fc.assert(
      fc.property(arbitrary, ramps, (estate, ramp) => {
        const { steps, rollback } = buildPlan(estate, { ramp });
        for (const list of [steps, rollback])
          list.forEach((step, i) => {
            for (const id of step.needs) expect(list.slice(0, i).map((s) => s.id)).toContain(id);
          });
        expect(steps.filter((step) => step.kind === 'bake').length).toBeLessThan(ramp.length);
      }),
    );
  });
});
