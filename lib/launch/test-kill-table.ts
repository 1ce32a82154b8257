import type { Step } from '@/lib/plan/model';
import type { Direction, StepView } from '@/lib/run/model';
import type { FaultPoint } from '@/lib/run/step-context';
import type { killShapes } from './test-kill-shapes';

/** What a step does, in a word: its action, or what it asks, or what it waits for. */
export function wordOf(step: Step): string {
  if (step.kind === 'write') return step.call.action;
  return step.kind === 'probe' ? `${step.probe.kind} probe` : step.kind;
}

type Shape = keyof typeof killShapes;
const directions: readonly Direction[] = ['apply', 'revert'];

/** At which steps a run of each shape is killed, there and back: at one of each kind. */
const kinds: Readonly<Record<Shape, Readonly<Record<Direction, readonly string[]>>>> = {
  split: {
    apply: [
      ...['RegisterTargets', 'CreateRule', 'RegisterFunctionTargets', 'http probe'],
      ...['ModifyRecordFields', 'ModifyRecord', 'ModifyRecordStatus', 'dns probe'],
    ],
    revert: [
      ...['ModifyRecordStatus', 'ModifyRecord', 'ModifyRecordFields', 'dns probe', 'drain'],
      ...['DeregisterFunctionTargets', 'DeleteRule', 'DeregisterTargets'],
    ],
  },
  name: { apply: ['CreateRecord'], revert: ['DeleteRecord'] },
  // What the others have, too, is not killed here again.
  access: {
    apply: [
      ...['CreateLoadBalancer', 'CreateListener', 'PutProvisionedConcurrencyConfig'],
      ...['ready probe', 'bake'],
    ],
    revert: ['DeleteListener', 'DeleteLoadBalancer', 'DeleteProvisionedConcurrencyConfig'],
  },
};

type Points = Readonly<Partial<Record<FaultPoint, StepView['outcome']>>>;

/** Where a step may die, and how it ends after that: a write that was sent is found by reading, and not sent again. */
const writeEnds: Points = { afterIntent: 'applied', afterCall: 'readBack', afterRecord: 'readBack' };
const probeEnds: Points = { afterCall: 'probed', afterRecord: 'probed' };
/** Of bakes and drains. */
const waitEnds: Points = { duringWait: 'waited', afterRecord: 'waited' };

function endsOf(word: string): Points {
  if (word === 'drain' || word === 'bake') return waitEnds;
  return word.endsWith('probe') ? probeEnds : writeEnds;
}

export type Kill = { readonly word: string; readonly point: string; readonly outcome: StepView['outcome'] };
/** A run and when it dies, at most once on each of its ways. */
export type Subject = {
  /** From 1 on. */
  readonly number: number;
  readonly shape: Shape;
  readonly kills: Readonly<Partial<Record<Direction, Kill>>>;
};

function killsOf(shape: Shape, direction: Direction): readonly Kill[] {
  return kinds[shape][direction].flatMap((word) =>
    Object.entries(endsOf(word)).map(([point, outcome]) => ({ word, point, outcome })),
  );
}

/** For each shape a run that nobody kills, and as many others as it takes to kill at every point of every kind of step. */
function subjectsOf(shape: Shape): readonly Omit<Subject, 'number'>[] {
  const [there = [], back = []] = directions.map((direction) => killsOf(shape, direction));
  const killed = Array.from({ length: Math.max(there.length, back.length) }, (_, index) => ({
    ...(there[index] && { apply: there[index] }),
    ...(back[index] && { revert: back[index] }),
  }));
  return [{}, ...killed].map((kills) => ({ shape, kills }));
}

export const subjects: readonly Subject[] = (Object.keys(kinds) as Shape[])
  .flatMap(subjectsOf)
  .map((subject, index) => ({ ...subject, number: index + 1 }));

export const calm = subjects.filter(({ kills }) => Object.keys(kills).length === 0);
export const killed = subjects.filter((subject) => !calm.includes(subject));

/** Each kill of the table by itself. */
export const rows = directions.flatMap((direction) =>
  killed.flatMap((subject) => {
    const kill = subject.kills[direction];
    return kill ? [{ subject, direction, ...kill }] : [];
  }),
);
