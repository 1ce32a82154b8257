import { expect, it } from 'vitest';
import { type ObjectState, objectKey, sameState } from '@/lib/estate/object';
import { setRecordStatus } from '@/lib/plan/calls';
import type { Plan, WriteStep } from '@/lib/plan/model';
import type { Journal } from '@/lib/run/ports';
import { generateScenario } from './generate-scenario';
import type { Scenario, Trap } from './scenario';
import { type Mutant, simulate } from './simulate';

/*
 * Whether what must hold can be found broken: each mutant makes one mistake that an executor, an engine or a planner could
 * make, in runs that are otherwise well.
 */

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

function wellScenario(seed: number, traps: readonly Trap[]): Scenario {
  const calm = { faults: [], decisions: [], decidesAfterS: 1, clockwork: null, revertsDone: true };
  return { ...generateScenario(seed), ...calm, traps, keepAliveS: 6 };
}

/** What is broken in these runs, one after the other, until it is what is looked for. */
async function brokenIn(mutant: Mutant, traps: readonly Trap[], finds?: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const seed of seeds) {
    const { broken } = await simulate(wellScenario(seed, traps), mutant);
    if (broken === null) continue;
    found.push(broken);
    if (finds?.test(broken)) break;
  }
  return found;
}

/** A journal that forgets some of what it is told. */
const forgetting = (type: string, journal: Journal): Journal => ({
  ...journal,
  append: async (event) => (event.type === type ? undefined : journal.append(event)),
});

/** The state that a plan says an object has at some time, nearest to what it really is: none of somebody else's doing. */
function asPlanned(plan: Plan, key: string, found: ObjectState): ObjectState {
  const steps = plan.steps.filter((s): s is WriteStep => s.kind === 'write' && objectKey(s.object) === key);
  const states = steps.flatMap(({ before, after }) => [before, after]);
  return states.find((state) => sameState(state, found)) ?? states[0] ?? found;
}

/** A plan that turns a name's only answer off before it moves it. */
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

const edited: Trap = {
  moment: { at: 'after append started', nth: 0 },
  deed: { kind: 'edit', edit: { object: 0, kind: 'own', variant: 1 } },
};
const frozen: Trap = {
  moment: { at: 'before send', nth: 0 },
  deed: { kind: 'freeze', forMs: 60_000, takeOverMs: 5000 },
};

const delayed: Trap = {
  moment: { at: 'after append intent', nth: 0 },
  deed: { kind: 'freeze', forMs: 201, takeOverMs: null },
};

type Case = { readonly mutant: Mutant; readonly traps?: readonly Trap[]; readonly finds: RegExp };

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
  'a write without a last look at its object': {
    mutant: {
      ports: (ports) => ({ ...ports, cloud: { ...ports.cloud, write: (call) => ports.cloud.write(call) } }),
    },
    traps: [delayed],
    finds: /is sent 201 ms after the last look at its object/,
  },
  'a write over what somebody else has changed': {
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
    traps: [edited],
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
              // Where the process stands still.
              await ports.faultPoint('afterIntent', 'frozen');
              return unchanged;
            }),
        },
      }),
    },
    traps: [{ ...frozen, moment: { at: 'afterIntent frozen', nth: 0 } }],
    finds: /is sent by life 1, not 2/,
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
    finds: /stands in no step/,
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
  'a way back that forgets what was done': {
    mutant: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          read: async () => (await ports.journal.read()).filter((e) => e.direction === 'revert'),
        },
      }),
    },
    finds: /the world is not as it was before/,
  },
  'a name that is left without an answer': {
    mutant: { plan: emptying },
    finds: /leaves a name without any answer/,
  },
  'a run that waits for ever': {
    mutant: {
      ports: (ports) => ({ ...ports, inbox: { take: () => new Promise(() => {}) } }),
    },
    finds: /the run is stuck|the run is left/,
  },
};

it.each(Object.entries(cases))(
  'finds %s',
  { timeout: 60_000 },
  async (_name, { mutant, traps = [], finds }) => {
    expect(await brokenIn(mutant, traps, finds)).toContainEqual(expect.stringMatching(finds));
  },
);

it.each([[[]], [[edited]], [[frozen]], [[delayed]]])(
  'finds nothing where nothing is wrong (%j)',
  { timeout: 60_000 },
  async (traps) => {
    expect(await brokenIn({}, traps)).toEqual([]);
  },
);
