import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadsTo } from '@/lib/estate/dns-target';
import { findLoadBalancer, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectState } from '@/lib/estate/object';
import { canonicalState, objectKey, recordKey, sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import {
  arbitraryEstate,
  testEstate,
  testLoadBalancer,
  testRecord,
  testSplit,
} from '@/testing/plan/test-estate';
import { stateAt } from './drift';
import { findDnsChange } from './model/dns-change';
import { planHash } from './model/hash';
import type { Step, WriteStep } from './model/model';
import { planDiversion } from './plan-diversion';

const keepAliveS = 75;

const buildPlan = (estate: Estate, diversion = testSplit()) =>
  createTestPlan({ estate, diversion, keepAliveS });

const writes = (steps: readonly Step[]): WriteStep[] => steps.filter((step) => step.kind === 'write');

/** Returns the states of all objects that a plan touches, as the estate has them. */
function startStates(estate: Estate, steps: readonly Step[]): Map<string, ObjectState> {
  return new Map(writes(steps).map(({ object }) => [objectKey(object), stateAt(estate, object)]));
}

/** Applies writes to states, as the executor would: each must find its `before`. */
function play(
  states: Map<string, ObjectState>,
  steps: readonly Step[],
  seen: (state: ObjectState) => void,
): void {
  for (const step of writes(steps)) {
    const key = objectKey(step.object);
    const now = states.get(key);
    expect(now && canonicalState(now), `${step.id} starts from what is there`).toEqual(
      canonicalState(step.before),
    );
    states.set(key, step.after);
    seen(step.after);
  }
}

const typesOn = (state: ObjectState): readonly string[] =>
  state.kind === 'recordSet' ? state.records.filter((r) => r.enabled).map((r) => r.type) : [];

const isOn = (state: ObjectState) => typesOn(state).length > 0;

/** Returns whether clients of an address family get an answer: they follow a CNAME in both. */
const answers = (state: ObjectState, type: 'A' | 'AAAA') =>
  typesOn(state).some((on) => on === type || on === 'CNAME');

/** Returns whether a line of domain B can't be pointed at the function's load balancer: then DNS is not touched. */
function isTaken(estate: Estate): boolean {
  const target = findLoadBalancer(estate, 'lb-scf');
  const records = listAddressRecords(estate, 'flash.example.co.id');
  return ['0', '10=1'].some(
    (line) =>
      target !== undefined &&
      findDnsChange(
        records.filter((r) => r.lineId === line),
        target,
      ).kind === 'taken',
  );
}

describe('planDiversion of a Split', () => {
  it('creates the rule, binds, probes through the VIP, moves the record in place, probes again', () => {
    const plan = buildPlan(testEstate());
    expect(
      plan.steps.map((s) =>
        s.kind === 'write' ? s.call.action : s.kind === 'probe' ? s.probe.kind : s.kind,
      ),
    ).toEqual(['CreateRule', 'RegisterFunctionTargets', 'http', 'ModifyRecordFields', 'dns', 'http']);
    expect(plan.rollback.map((s) => (s.kind === 'write' ? s.call.action : s.kind))).toEqual([
      'ModifyRecordFields',
      'probe',
      'drain',
      'DeregisterFunctionTargets',
      'DeleteRule',
    ]);
  });

  it('does nothing if everything is already in place', () => {
    const bound = { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: null, weight: 10 };
    const first = buildPlan(testEstate());
    const rule = first.steps[0];
    invariant(rule?.kind === 'write' && rule.object.kind === 'rule', 'the first step makes the rule');
    const estate = testEstate({
      records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.2')],
      rules: [
        ...testEstate().rules,
        {
          ...testEstate().rules[0],
          id: 'loc-b',
          loadBalancerId: 'lb-scf',
          listenerId: 'lbl-lb-scf',
          domain: 'flash.example.co.id',
          domains: ['flash.example.co.id'],
          targets: [],
          functions: [bound],
        },
      ],
    });
    expect(buildPlan(estate).steps).toEqual([]);
    expect(buildPlan(estate).rollback).toEqual([]);
  });

  it('points at a domain-named load balancer by CNAME, with the complete record', () => {
    const named = testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], domain: 'lb-scf.clb.example.net' });
    const plan = buildPlan(testEstate({ loadBalancers: [testLoadBalancer('lb-cvm'), named] }));
    const move = writes(plan.steps).at(-1);
    expect(move?.call).toMatchObject({
      action: 'ModifyRecord',
      params: { RecordId: 12, RecordType: 'CNAME', Value: 'lb-scf.clb.example.net', TTL: 60 },
    });
  });

  it('adds CVM targets that the route lacks, and only those', () => {
    const addTargets = [
      { instanceId: 'ins-1', port: 8080, weight: 10 },
      { instanceId: 'ins-1', port: 8081, weight: 5 },
    ];
    const plan = buildPlan(testEstate(), testSplit({}, { addTargets }));
    const register = writes(plan.steps).find((step) => step.call.action === 'RegisterTargets');
    expect(register?.call.params.Targets).toEqual([{ InstanceId: 'ins-1', Port: 8081, Weight: 5 }]);
  });

  it('reports every choice that is missing from the estate', () => {
    const diversion = testSplit({ loadBalancerId: 'lb-gone' }, { listenerId: 'lbl-gone' });
    const planned = planDiversion({ estate: testEstate(), diversion, keepAliveS });
    expect(planned).toMatchObject({
      ok: false,
      error: [{ field: 'routes.0.listenerId' }, { field: 'routes.1.loadBalancerId' }],
    });
  });

  it('drains for the largest served TTL and the kept connections', () => {
    const estate = testEstate({
      records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1', { ttlS: 600 })],
    });
    expect(buildPlan(estate).rollback.find((s) => s.kind === 'drain')).toMatchObject({
      oldTtlS: 600,
      keepAliveS: 75,
    });
  });

  it('lowers the TTL of a disabled record before it is enabled, without a wait for it', () => {
    const estate = testEstate({
      records: [
        testRecord(11, 'shop', '127.77.1.1'),
        testRecord(12, 'flash', '127.77.1.1', { ttlS: 60 }),
        testRecord(13, 'flash', '127.77.1.2', { ttlS: 600, enabled: false }),
      ],
    });
    const { steps, rollback } = buildPlan(estate, { ...testSplit(), lowerTtlS: 60 });
    const names = writes(steps).filter(({ object }) => object.kind === 'recordSet');
    expect(names.map(({ phase, call }) => `${phase} ${call.action} ${call.params.RecordId}`)).toEqual([
      'prewarm ModifyRecordFields 13',
      'divert ModifyRecordStatus 13',
      'divert ModifyRecordStatus 12',
      'drain ModifyRecordFields 13',
    ]);
    expect(names.map(({ after }) => (after.kind === 'recordSet' ? after.records[1]?.ttlS : null))).toEqual([
      ...[60, 60, 60, 600],
    ]);
    expect(steps.filter(({ kind, phase }) => kind === 'bake' && phase === 'prewarm')).toEqual([]);
    expect(writes(rollback).at(-1)).toMatchObject({
      phase: 'drain',
      after: { records: [{ ttlS: 60 }, { ttlS: 600 }] },
    });
    // Answers of the function have the low TTL.
    expect(rollback.find(({ kind }) => kind === 'drain')).toMatchObject({ oldTtlS: 60 });
  });

  it('property: every write starts where the one before ended, and all of domain B ends at the function', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const plan = buildPlan(estate);
        const states = startStates(estate, plan.steps);
        play(states, plan.steps, () => undefined);
        const target = findLoadBalancer(estate, 'lb-scf');
        invariant(target !== undefined, 'the estate has it');
        for (const state of states.values()) {
          if (state.kind === 'rule') expect(state.functions).toHaveLength(1);
          else if (state.kind === 'recordSet') {
            // Beside an A, an AAAA is kept: the preflight warns about it.
            const on = state.records.filter((r) => r.enabled);
            const moved = on.filter((r) => r.type !== 'AAAA' || on.some((other) => other.type === 'CNAME'));
            expect(moved.length).toBeGreaterThan(0);
            expect(moved.every((r) => leadsTo(r, target))).toBe(true);
          }
        }
        if (listAddressRecords(estate, 'flash.example.co.id').length === 0)
          expect([...states.values()].some(isOn)).toBe(true);
      }),
    );
  });

  it('property: DNS always has an answer, and never mixes a CNAME with other answers', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const plan = buildPlan(estate);
        for (const steps of [plan.steps, plan.rollback]) {
          for (const step of writes(steps)) {
            if (step.before.kind !== 'recordSet' || step.after.kind !== 'recordSet') continue;
            if (isOn(step.before) && steps === plan.steps) expect(isOn(step.after)).toBe(true);
            const on = typesOn(step.after);
            if (on.includes('CNAME')) expect(new Set(on)).toEqual(new Set(['CNAME']));
          }
        }
      }),
    );
  });

  it('property: a name keeps its answers on apply and rollback, for each address family', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const plan = buildPlan(estate);
        const toCname = findLoadBalancer(estate, 'lb-scf')?.domain !== null;
        const start = startStates(estate, plan.steps);
        for (const steps of [plan.steps, plan.rollback]) {
          for (const { object, after } of writes(steps)) {
            const first = start.get(objectKey(object));
            invariant(first !== undefined, 'the start knows all objects');
            // Compared with the name's initial state: a rollback may remove what the plan itself creates.
            if (answers(first, 'A')) expect(answers(after, 'A')).toBe(true);
            // A CNAME excludes an AAAA, and an IPv4 address serves no IPv6 clients: only a kept AAAA can continue.
            if (!toCname && typesOn(first).includes('AAAA')) expect(answers(after, 'AAAA')).toBe(true);
            if (isOn(first)) expect(isOn(after)).toBe(true);
          }
        }
      }),
    );
  });

  it('property: no write creates a duplicate value on a line, enabled or disabled', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        for (const { after } of writes(buildPlan(estate).steps)) {
          const keys = after.kind === 'recordSet' ? after.records.map(recordKey) : [];
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
    );
  });

  it('property: DNS points there unless the value exists, and is then unchanged', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const { steps, rollback } = buildPlan(estate);
        const touched = [...steps, ...rollback].some(
          (s) => s.kind === 'write' && s.object.kind === 'recordSet',
        );
        if (isTaken(estate)) expect(touched).toBe(false);
      }),
    );
  });

  it('property: the rollback ends exactly where the apply began, from any point of it', () => {
    fc.assert(
      fc.property(arbitraryEstate, fc.nat(), (estate, cut) => {
        const plan = buildPlan(estate);
        const begun = plan.steps.slice(0, plan.steps.length === 0 ? 0 : 1 + (cut % plan.steps.length));
        const states = startStates(estate, plan.steps);
        const start = new Map(states);
        play(states, begun, () => undefined);
        const done = new Set(begun.map((step) => step.id));
        const back = plan.rollback.filter(
          (step) => step.kind !== 'write' || done.has(StepId.parse(step.undoes)),
        );
        play(states, back, () => undefined);
        for (const [key, state] of start) {
          const end = states.get(key);
          expect(end !== undefined && sameState(end, state), key).toBe(true);
        }
      }),
    );
  });

  it('property: on rollback nothing is removed from a load balancer before DNS has moved back and drained', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const kinds = buildPlan(estate).rollback.map((s) => (s.kind === 'write' ? s.object.kind : s.kind));
        const drain = kinds.indexOf('drain');
        if (kinds.includes('rule')) expect(drain).toBeGreaterThanOrEqual(0);
        if (drain >= 0) expect(kinds.slice(0, drain)).not.toContain('rule');
        if (drain >= 0) expect(kinds.slice(drain)).not.toContain('recordSet');
      }),
    );
  });

  it('property: dependencies come first, and the same inputs have the same hash', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEstate, async (estate) => {
        const plan = buildPlan(estate);
        for (const steps of [plan.steps, plan.rollback]) {
          steps.forEach((step, i) => {
            for (const id of step.needs) expect(steps.slice(0, i).map((s) => s.id)).toContain(id);
          });
        }
        const again = buildPlan({ ...estate });
        expect(await planHash(again)).toBe(await planHash(plan));
        const other = buildPlan(estate, testSplit({ expectedBody: 'Something else' }));
        expect(await planHash(other)).not.toBe(await planHash(plan));
      }),
      { numRuns: 40 },
    );
  });
});
