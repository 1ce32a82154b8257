import { expect, it } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { ObjectState } from '@/lib/estate/object';
import { noLoadBalancer, objectKey, sameState } from '@/lib/estate/object-state';
import { setRecordStatus } from '@/lib/plan/model/calls';
import type { BakeStep, Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import type { Direction, LiveCommand } from '@/lib/run/model/model';
import type { Inbox, Journal } from '@/lib/run/steps/ports';
import type { Scenario, Trigger } from './cloud/scenario';
import { generateScenario } from './generate-scenario';
import { type Mutant, simulate } from './simulate';

/*
 * Tests whether violated invariants are found: each mutant makes one mistake that an executor, an engine or a planner
 * could make, in otherwise healthy runs.
 */

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

type Conditions = Partial<
  Pick<Scenario, 'triggers' | 'faults' | 'outages' | 'stops' | 'gates' | 'clockwork'>
>;

function wellScenario(seed: number, conditions: Conditions): Scenario {
  const calm = { faults: [], triggers: [], outages: [], stops: [], gates: [], decisions: [] };
  const plain = { decidesAfterS: 1, clockwork: null, rollbackStepsDone: true };
  return { ...generateScenario(seed), ...calm, ...plain, ...conditions, keepAliveS: 6 };
}

/** Returns the violations in these runs, one after the other, until the wanted one is found. */
async function brokenIn(mutant: Mutant, conditions: Conditions, finds?: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const seed of seeds) {
    const { broken } = await simulate(wellScenario(seed, conditions), mutant);
    if (broken === null) continue;
    found.push(broken);
    if (finds?.test(broken)) break;
  }
  return found;
}

/** Returns a journal that drops events of a type. */
const forgetting = (type: string, journal: Journal): Journal => ({
  ...journal,
  append: async (event) => (event.type === type ? undefined : journal.append(event)),
});

/** An inbox from which a command of the emergency stop never comes. */
const deaf = (command: LiveCommand, inbox: Inbox): Inbox => ({
  take: async (until) => {
    for (;;) {
      const message = await inbox.take(until);
      if (message?.command !== command || !('by' in message) || message.by !== 'emergencyStop')
        return message;
    }
  },
});

/**
 * Returns the state that a plan expects of an object at some time, closest to its real one: nothing that others have
 * done.
 */
function asPlanned(plan: Plan, key: string, found: ObjectState): ObjectState {
  const steps = plan.steps.filter((s): s is WriteStep => s.kind === 'write' && objectKey(s.object) === key);
  const states = steps.flatMap(({ before, after }) => [before, after]);
  return states.find((state) => sameState(state, found)) ?? states[0] ?? found;
}

/** Returns a plan that disables a name's only answer before it moves it. */
function emptying(plan: Plan): Plan {
  const steps = plan.steps.map((step) => {
    if (step.kind !== 'write' || step.object.kind !== 'recordSet' || step.before.kind !== 'recordSet')
      return step;
    const { RecordId: id } = step.call.params;
    const { records } = step.before;
    if (step.call.action !== 'ModifyRecordFields' || typeof id !== 'number' || records.length !== 1)
      return step;
    const off = records.map((record) => ({ ...record, enabled: false }));
    const call = setRecordStatus(step.object.zone, id, false);
    return { ...step, call, after: { kind: 'recordSet' as const, records: off } };
  });
  return { ...plan, steps };
}

/** Returns a plan without some of its rollback steps; what needed them needs what they needed. */
function withoutBack(plan: Plan, isLeftOut: (step: Step) => boolean): Plan {
  const stepNeeds = (ids: readonly StepId[]): readonly StepId[] =>
    ids.flatMap((id) => {
      const step = plan.rollback.find((each) => each.id === id);
      return step !== undefined && isLeftOut(step) ? stepNeeds(step.needs) : [id];
    });
  const kept = plan.rollback.filter((step) => !isLeftOut(step));
  return { ...plan, rollback: kept.map((step) => ({ ...step, needs: stepNeeds(step.needs) })) };
}

/** Returns a plan that publishes on a domain that the diversion does not name. */
function straying(plan: Plan): Plan {
  const text = JSON.stringify(plan.steps);
  const steps: Plan['steps'] = JSON.parse(
    text.replaceAll(/"(Domain|domain)":"flash\.example\.co\.id"/g, '"$1":"other.example.co.id"'),
  );
  return { ...plan, steps };
}

/** Returns a plan whose waits for old answers end at once, or belong to another phase. */
function changingOldTtl(plan: Plan, change: Partial<BakeStep>): Plan {
  const steps = plan.steps.map((step) =>
    step.kind === 'bake' && step.phase === 'prewarm' ? { ...step, ...change } : step,
  );
  return { ...plan, steps };
}

/** Returns a journal that hides what was created in one direction. */
const nameless = (direction: Direction, journal: Journal): Journal => ({
  ...journal,
  read: async () => {
    const events = await journal.read();
    if (events.at(-1)?.direction !== direction) return events;
    return events.map((event) => (event.type === 'stepDone' ? { ...event, ids: {} } : event));
  },
});

/** The time when the rollback begins. */
const turning = { at: 'after append started', nth: 1 };
const editAt = (edit: Extract<Trigger['event'], { kind: 'edit' }>['edit']): Trigger => ({
  moment: turning,
  event: { kind: 'edit', edit },
});
/** Someone deletes the load balancer or listener that the run created, and creates another one of its name and kind. */
const replaced: readonly Trigger[] = [
  editAt({ object: 0, kind: 'own', variant: 0 }),
  editAt({ object: 0, kind: 'step', step: 0, state: 'after' }),
];
/** Someone adds a listener to it. */
const inhabited = [editAt({ object: 0, kind: 'own', variant: 1 })];

const edited: Trigger = {
  moment: { at: 'after append started', nth: 0 },
  event: { kind: 'edit', edit: { object: 0, kind: 'own', variant: 1 } },
};
const frozen: Trigger = {
  moment: { at: 'before send', nth: 0 },
  event: { kind: 'freeze', forMs: 60_000, takeOverMs: 5000 },
};

const delayed: Trigger = {
  moment: { at: 'after append intent', nth: 0 },
  event: { kind: 'freeze', forMs: 201, takeOverMs: null },
};

/** The safety rules take long, as with a slow database. */
const judgedLate: Trigger = {
  moment: { at: 'after checkWrite', nth: 0 },
  event: { kind: 'freeze', forMs: 5000, takeOverMs: null },
};

type Case = Conditions & { readonly mutant: Mutant; readonly finds: RegExp };

const cases: Readonly<Record<string, Case>> = {
  'a write that is sent again blindly': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          write: async (call, isUnchanged) => {
            await ports.cloud.wait(await ports.cloud.write(call, isUnchanged));
            return ports.cloud.write(call);
          },
        },
      }),
    },
    finds: /is sent twice for one intent/,
  },
  'a write without a last read of its object': {
    mutant: {
      ports: (ports) => ({ ...ports, cloud: { ...ports.cloud, write: (call) => ports.cloud.write(call) } }),
    },
    triggers: [delayed],
    finds: /is sent 201 ms after the last read of its object/,
  },
  'a write over what someone else has changed': {
    mutant: {
      ports: (ports, plan) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          read: async (ref) => {
            const reading = await ports.cloud.read(ref);
            return { ...reading, state: asPlanned(plan, objectKey(ref), reading.state) };
          },
        },
      }),
    },
    triggers: [edited],
    finds: /^\w+ acts on .*ins-theirs.*, not on /,
  },
  'no wait before unbinding': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        inbox: {
          take: async (until) => {
            const isDraining = (await ports.journal.read()).at(-1)?.type === 'waiting';
            return ports.inbox.take(isDraining ? null : until);
          },
        },
      }),
    },
    finds: /unbinds \d+ ms after the last answer/,
  },
  'a worker that writes after another one has taken over': {
    mutant: {
      ports: (ports, _plan, outer) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          write: (call, isUnchanged = async () => true) =>
            outer.cloud.write(call, async () => {
              const unchanged = await isUnchanged();
              // The point at which the process is frozen.
              await ports.faultPoint('afterIntent', 'frozen' as StepId);
              return unchanged;
            }),
        },
      }),
    },
    triggers: [{ ...frozen, moment: { at: 'afterIntent frozen', nth: 0 } }],
    finds: /is sent by worker 1, not 2/,
  },
  'a call that was not planned': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          write: (call, isUnchanged) =>
            ports.cloud.write({ ...call, params: { ...call.params, Extra: 1 } }, isUnchanged),
        },
      }),
    },
    finds: /is in no step/,
  },
  'a call that is not written down before': {
    mutant: { ports: (ports) => ({ ...ports, journal: forgetting('intent', ports.journal) }) },
    finds: /is sent without an intent/,
  },
  'an acceptance that is not written down': {
    mutant: { ports: (ports) => ({ ...ports, journal: forgetting('accepted', ports.journal) }) },
    finds: /is applied, but its call was not accepted/,
  },
  'an end that is not written down': {
    mutant: { ports: (ports) => ({ ...ports, journal: forgetting('finished', ports.journal) }) },
    finds: /the run is \w+, its journal ends in/,
  },
  'steps that are begun before what they need': {
    mutant: { ports: (ports) => ({ ...ports, journal: forgetting('stepDone', ports.journal) }) },
    finds: /begins before/,
  },
  'a probe that counts although nothing has passed': {
    mutant: { ports: (ports) => ({ ...ports, journal: forgetting('probed', ports.journal) }) },
    finds: /is done but has not passed/,
  },
  'a rollback that forgets what was done': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          read: async () => (await ports.journal.read()).filter((e) => e.direction === 'rollback'),
        },
      }),
    },
    finds: /not as (it was )?before/,
  },
  'a name that is left without an answer': {
    mutant: { plan: emptying },
    finds: /leaves a name without any answer/,
  },
  'a name that moves while the old TTL is still kept': {
    mutant: { plan: (plan) => changingOldTtl(plan, { oldTtlS: 0 }) },
    finds: /moves \d+ ms after the TTL was lowered/,
  },
  'a TTL that stays lowered': {
    mutant: {
      plan: (plan) =>
        withoutBack(
          plan,
          (step) => step.kind === 'write' && step.object.kind === 'recordSet' && step.phase === 'drain',
        ),
    },
    finds: /rolledBack: recordSet.* not as before/,
  },
  'a load balancer that is left behind': {
    mutant: {
      plan: (plan) =>
        withoutBack(plan, (step) => step.kind === 'write' && step.call.action === 'DeleteLoadBalancer'),
    },
    finds: /rolledBack: loadBalancer.* not as before/,
  },
  'a load balancer that is made twice': {
    mutant: {
      // As if the cloud knew no token.
      cloud: (cloud) => ({
        clock: cloud.clock,
        read: (ref, fence) => cloud.read(ref, fence),
        write: ({ params: { ClientToken: _token, ...params }, ...call }, fence) =>
          cloud.write({ ...call, params }, fence),
        taskOf: (id) => cloud.taskOf(id),
        createdBy: (id) => cloud.createdBy(id),
        inside: (call) => cloud.inside(call),
      }),
      ports: (ports) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          // As if it became visible only long after it was created.
          read: async (ref) => {
            const isShown = (await ports.journal.read()).some(({ type }) => type === 'accepted');
            const reading = await ports.cloud.read(ref);
            return ref.kind === 'loadBalancer' && !isShown
              ? { ...reading, state: noLoadBalancer, ids: {} }
              : reading;
          },
        },
      }),
    },
    faults: [{ on: 'write', nth: 0, fault: { kind: 'replyLost' } }],
    finds: /makes a second one/,
  },
  'something of someone else that is deleted': {
    mutant: { ports: (ports) => ({ ...ports, journal: nameless('rollback', ports.journal) }) },
    triggers: replaced,
    finds: /deletes lbl?-new\d+, which this run has not made/,
  },
  'a load balancer that is deleted with its content': {
    mutant: {
      cloud: (cloud) => ({
        clock: cloud.clock,
        read: (ref, fence) => cloud.read(ref, fence),
        write: (call, fence) => cloud.write(call, fence),
        taskOf: (id) => cloud.taskOf(id),
        createdBy: (id) => cloud.createdBy(id),
        inside: async () => [],
      }),
    },
    triggers: inhabited,
    finds: /deletes lb-new\d+ with lbl-/,
  },
  'a step that names an object that does not exist': {
    mutant: { ports: (ports) => ({ ...ports, journal: nameless('apply', ports.journal) }) },
    finds: /names what is not there/,
  },
  'a step that changes an object that the diversion does not name': {
    mutant: { plan: straying },
    finds: /changes .*other\.example\.co\.id.*, which is out of its scope/,
  },
  'a guard that judges before anything has moved': {
    mutant: { plan: (plan) => changingOldTtl(plan, { phase: 'divert' }) },
    faults: [{ on: 'watch', nth: 0, fault: { kind: 'watchFails', count: 100 } }],
    clockwork: { t0S: 1, prewarmS: 0, holdS: 60, missedT0: { kind: 'skip' }, guard: 'rollback' },
    finds: /a guard judges before anything has moved/,
  },
  'a rollback that an outage stops': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          // As if the failure were not transient.
          read: (ref) =>
            ports.cloud.read(ref).catch((cause) => {
              throw cause instanceof CloudError
                ? new CloudError({ ...cause.data, code: 'Unknown', advice: 'giveUp' })
                : cause;
            }),
        },
      }),
    },
    outages: [{ at: 'T1', offsetMs: 0, forMs: 600_000 }],
    finds: /an outage stops the rollback: cloudError/,
  },
  'a rollback that sleeps over the end of an outage': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        clock: {
          ...ports.clock,
          sleepUntil: (instant) => {
            const now = ports.clock.now().getTime();
            return ports.clock.sleepUntil(new Date(now + 5 * (instant.getTime() - now)));
          },
        },
      }),
    },
    outages: [{ at: 'T1', offsetMs: 0, forMs: 61_000 }],
    finds: /does not continue within 2000 ms after an outage/,
  },
  'a long watch after a lost response': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        clock: {
          ...ports.clock,
          sleepUntil: (instant) => {
            const now = ports.clock.now().getTime();
            return ports.clock.sleepUntil(new Date(now + 20 * (instant.getTime() - now)));
          },
        },
      }),
    },
    faults: [{ on: 'write', nth: 0, fault: { kind: 'requestLost' } }],
    finds: /does not continue within 5000 ms after a lost response/,
  },
  'a write after T1': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        cloud: {
          ...ports.cloud,
          // As if it had waited for its turn without another comparison of the time with T1.
          write: async (call, isUnchanged = async () => true) => {
            await ports.clock.sleepUntil(new Date(ports.clock.now().getTime() + 600_000));
            return ports.cloud.write(call, () => isUnchanged().catch(() => true));
          },
        },
      }),
    },
    clockwork: {
      t0S: 30,
      prewarmS: 20,
      holdS: 25,
      missedT0: { kind: 'runIfLate', withinS: 600 },
      guard: null,
    },
    finds: /is sent \d+ ms after T1/,
  },
  'an emergency stop that no run follows': {
    mutant: { ports: (ports) => ({ ...ports, inbox: deaf('pause', ports.inbox) }) },
    stops: [{ atMs: 300, forMs: 600_000 }],
    finds: /begins although changes are paused/,
  },
  'an emergency stop whose end resumes nothing': {
    mutant: { ports: (ports) => ({ ...ports, inbox: deaf('continue', ports.inbox) }) },
    stops: [{ atMs: 300, forMs: 60_000 }],
    finds: /the end of the emergency stop resumes nothing/,
  },
  'an emergency stop that pauses a rollback': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          // As if the run did as it was told, whichever way it goes.
          append: async (event) => {
            await ports.journal.append(event);
            if (event.type !== 'command' || event.command !== 'pause') return;
            const { at, direction, actor, reason } = event;
            await ports.journal.append({ type: 'paused', by: 'emergencyStop', at, direction, actor, reason });
          },
        },
      }),
    },
    stops: Array.from({ length: 60 }, (_, i) => ({ atMs: 1000 + i * 4000, forMs: 500 })),
    finds: /the emergency stop pauses a rollback/,
  },
  'writes that no safety rule judges': {
    mutant: {
      ports: (ports) => ({ ...ports, validator: { ...ports.validator, checkWrite: async () => [] } }),
    },
    gates: [{ atMs: 300, forMs: 600_000 }],
    finds: /is sent although a safety rule refuses it/,
  },
  'a run that waits for ever': {
    mutant: {
      ports: (ports) => ({ ...ports, inbox: { take: () => new Promise(() => {}) } }),
    },
    finds: /the run is stuck|the run is left/,
  },
};

it.each(Object.entries(cases))('detects %s', async (_name, { mutant, finds, ...conditions }) => {
  expect(await brokenIn(mutant, conditions, finds)).toContainEqual(expect.stringMatching(finds));
});

it.each([[[]], [[edited]], [[frozen]], [[delayed]], [[judgedLate]], [replaced], [inhabited]])(
  'reports nothing for healthy runs (%j)',
  async (triggers) => {
    expect(await brokenIn({}, { triggers })).toEqual([]);
  },
);
