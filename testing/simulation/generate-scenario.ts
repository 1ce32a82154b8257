import { liveCommands } from '@/lib/run/model/model';
import type { Fault, WriteFault } from './cloud/faults';
import type { Clockwork, Moment, Outage, Scenario, SimulatedEvent, Stop, Trigger } from './cloud/scenario';
import { createRandom, type Random } from './random';

const secondMs = 1000;

function writeFault(random: Random): WriteFault {
  const acts = random.chance(0.5);
  return random.pick<() => WriteFault>([
    () => ({ kind: 'throttle', count: random.pick([1, 3, 15]) }),
    () => ({ kind: 'busy', forMs: random.int(1, 90) * secondMs }),
    () => ({ kind: 'replyLost' }),
    () => ({ kind: 'requestLost' }),
    () => ({ kind: 'http5xx', status: random.pick([500, 502, 504]), acts }),
    () => ({ kind: 'internalError', acts }),
    () => ({ kind: 'taskFails' }),
    () => ({ kind: 'taskStuck', forMs: random.int(3, 400) * secondMs, acts }),
    () => ({ kind: 'partial' }),
    // Shorter than the time for which a write in doubt is watched, and than the client's response timeout.
    () => ({ kind: 'slow', byMs: random.int(1, 60) * 100 }),
    () => ({ kind: 'unchanged' }),
    () => ({ kind: 'indexLags', byMs: random.int(1, 30) * secondMs }),
  ])();
}

function fault(random: Random): Fault {
  if (random.chance(0.75)) return { on: 'write', nth: random.int(0, 24), fault: writeFault(random) };
  const count = random.pick([1, 4, 30]);
  const nth = random.int(0, 12);
  return random.pick<() => Fault>([
    () => ({ on: 'read', nth: random.int(0, 120), fault: { kind: 'readFails', count } }),
    () => ({ on: 'read', nth: random.int(0, 120), fault: { kind: 'readFails', count } }),
    () => ({ on: 'probe', nth, fault: { kind: 'probeFails', count } }),
    () => ({ on: 'watch', nth, fault: { kind: 'watchFails', count } }),
    () => ({ on: 'check', nth, fault: { kind: 'checkFails', count } }),
  ])();
}

/** The most critical places: around a call and its journal entries. */
const places = [
  ...['before append intent', 'after append intent', 'before send', 'after cloud write'],
  ...['before append accepted', 'after append accepted', 'before cloud wait', 'after cloud wait'],
  ...['before append stepDone', 'before record', 'after once', 'before take', 'in take', 'after take'],
  ...[
    'before append stopped',
    'after append rollback',
    'before once',
    'before append callFailed',
    'after cloud read',
    'after sleep',
    'after probe',
  ],
  ...['afterIntent', 'afterCall', 'duringWait', 'afterRecord'],
];

function moment(random: Random): Moment {
  return random.chance(0.7)
    ? { at: random.pick(places), nth: random.int(0, 15) }
    : { at: '', nth: random.int(0, 600) };
}

function generateEvent(random: Random): SimulatedEvent {
  return random.pick<() => SimulatedEvent>([
    () => ({
      kind: 'crash',
      afterMs: random.chance(0.5) ? 0 : random.int(0, 4000),
      restartMs: random.int(1, 300) * 100,
      forgets: random.chance(0.2),
    }),
    () => {
      const forMs = random.int(1, 120) * secondMs;
      return { kind: 'freeze', forMs, takeOverMs: random.chance(0.7) ? random.int(1, forMs) : null };
    },
    () => {
      const object = random.int(0, 11);
      const step = random.int(0, 7);
      return random.chance(0.5)
        ? { kind: 'edit', edit: { object, kind: 'own', variant: random.int(0, 7) } }
        : { kind: 'edit', edit: { object, kind: 'step', step, state: random.pick(['before', 'after']) } };
    },
    () => ({ kind: 'jump', byMs: random.int(-600, 600) * secondMs }),
    () => ({ kind: 'command', command: random.pick(commands) }),
  ])();
}

const commands = [...liveCommands, 'pause', 'pause', 'rollback'] as const;

function clockwork(random: Random): Clockwork | null {
  if (random.chance(0.5)) return null;
  return {
    t0S: random.int(0, 400),
    prewarmS: random.pick([0, 30, 300]),
    holdS: random.chance(0.25) ? null : random.int(20, 900),
    missedT0: random.pick([{ kind: 'skip' }, { kind: 'runIfLate', withinS: 60 }, { kind: 'ask' }]),
    guard: random.pick([null, 'stop', 'rollback']),
  };
}

/** Generates an outage, from a moment to half an hour; most begin right around the instant. */
function outage(random: Random): Outage {
  return {
    at: random.pick(['T0', 'T1', 'T1', 'drain']),
    offsetMs: random.pick([0, random.int(-5000, 5000), random.int(-60_000, 60_000)]),
    forMs: random.pick([random.int(1, 10), random.int(10, 120), random.int(120, 1800)]) * secondMs,
  };
}

/** Most while something is applied; some last until after T1. */
function stop(random: Random): Stop {
  return {
    atMs: random.pick([random.int(1, 30_000), random.int(1, 1200) * secondMs]),
    forMs: random.pick([random.int(1, 30), random.int(30, 900)]) * secondMs,
  };
}

function several<T>(random: Random, most: number, make: (random: Random) => T): T[] {
  return Array.from({ length: random.int(0, most) }, () => make(random));
}

/**
 * Generates the scenario of a seed; `simulate` creates its estate from the seed. A third of them contain no foreign
 * edits, so that the rollback can be verified exactly.
 */
export function generateScenario(seed: number): Scenario {
  // Different numbers than those that create the estate.
  const random = createRandom(seed ^ 0x5bd1e995);
  const trigger = (r: Random): Trigger => ({ moment: moment(r), event: generateEvent(r) });
  const triggers = several(random, 5, trigger);
  const isAlone = random.chance(0.33);
  return {
    seed,
    keepAliveS: random.pick([0, 6, 75]),
    faults: several(random, 4, fault),
    triggers: isAlone ? triggers.filter(({ event: { kind } }) => kind !== 'edit') : triggers,
    decisions: several(random, 3, (r) => r.pick(['continue', 'continue', 'rollback'] as const)),
    decidesAfterS: random.int(1, 600),
    clockwork: clockwork(random),
    rollbackStepsDone: random.chance(0.7),
    // Last, so that older seeds keep their meaning.
    outages: random.chance(0.4) ? several(random, 2, outage) : [],
    stops: random.chance(0.4) ? several(random, 2, stop) : [],
    gates: random.chance(0.4) ? several(random, 2, stop) : [],
  };
}
