import type { Step } from '@/lib/plan/model/model';
import type { Direction, StepView } from '@/lib/run/model/model';
import type { FaultPoint } from '@/lib/run/steps/step-context';
import type { killShapes } from './test-kill-shapes';

/** Returns a word for a step: its action, its check, or the subject of its wait. */
export function stepWord(step: Step): string {
  if (step.kind === 'write') return step.call.action;
  return step.kind === 'probe' ? `${step.probe.kind} probe` : step.kind;
}

type Shape = keyof typeof killShapes;
const directions: readonly Direction[] = ['apply', 'rollback'];

/** The steps at which a run of each shape is killed, in apply and rollback: one per kind. */
const kinds: Readonly<Record<Shape, Readonly<Record<Direction, readonly string[]>>>> = {
  split: {
    apply: [
      ...['RegisterTargets', 'CreateRule', 'RegisterFunctionTargets', 'http probe'],
      ...['ModifyRecordFields', 'ModifyRecord', 'ModifyRecordStatus', 'dns probe'],
    ],
    rollback: [
      ...['ModifyRecordStatus', 'ModifyRecord', 'ModifyRecordFields', 'dns probe', 'drain'],
      ...['DeregisterFunctionTargets', 'DeleteRule', 'DeregisterTargets'],
    ],
  },
  name: { apply: ['CreateRecord'], rollback: ['DeleteRecord'] },
  // Steps that other shapes have as well are killed only there.
  access: {
    apply: [
      ...['CreateLoadBalancer', 'CreateListener', 'PutProvisionedConcurrencyConfig'],
      ...['ready probe', 'bake'],
    ],
    rollback: ['DeleteListener', 'DeleteLoadBalancer', 'DeleteProvisionedConcurrencyConfig'],
  },
};

type Points = Readonly<Partial<Record<FaultPoint, StepView['outcome']>>>;

/** The points at which a step may be killed, and its outcome: a sent write is found by reading, not sent again. */
const writeEnds: Points = { afterIntent: 'applied', afterCall: 'readBack', afterRecord: 'readBack' };
/**
 * Writes that `lib/run/executor-crash.test.ts` interrupts at each of these points in the same sandbox; here only at the
 * worst one.
 */
const crashTested: ReadonlySet<string> = new Set([
  ...['CreateRule', 'RegisterFunctionTargets', 'ModifyRecordFields'],
  ...['DeregisterFunctionTargets', 'DeleteRule'],
]);
const probeEnds: Points = { afterCall: 'probed', afterRecord: 'probed' };
/** For bakes and drains. */
const waitEnds: Points = { duringWait: 'waited', afterRecord: 'waited' };

function pointEnds(word: string): Points {
  if (word === 'drain' || word === 'bake') return waitEnds;
  if (word.endsWith('probe')) return probeEnds;
  return crashTested.has(word) ? { afterCall: 'readBack' } : writeEnds;
}

export type Kill = { readonly word: string; readonly point: string; readonly outcome: StepView['outcome'] };
/** A run and its kills, at most one in each direction. */
export type Subject = {
  /** From 1 on. */
  readonly number: number;
  readonly shape: Shape;
  readonly kills: Readonly<Partial<Record<Direction, Kill>>>;
};

function listKills(shape: Shape, direction: Direction): readonly Kill[] {
  return kinds[shape][direction].flatMap((word) =>
    Object.entries(pointEnds(word)).map(([point, outcome]) => ({ word, point, outcome })),
  );
}

/**
 * Returns for each shape one run that is not killed, and as many others as needed to kill at every point of every kind
 * of step.
 */
function listSubjects(shape: Shape): readonly Omit<Subject, 'number'>[] {
  const [there = [], back = []] = directions.map((direction) => listKills(shape, direction));
  const killed = Array.from({ length: Math.max(there.length, back.length) }, (_, index) => ({
    ...(there[index] && { apply: there[index] }),
    ...(back[index] && { rollback: back[index] }),
  }));
  return [{}, ...killed].map((kills) => ({ shape, kills }));
}

export const subjects: readonly Subject[] = (Object.keys(kinds) as Shape[])
  .flatMap(listSubjects)
  .map((subject, index) => ({ ...subject, number: index + 1 }));

export const unkilled = subjects.filter(({ kills }) => Object.keys(kills).length === 0);
export const killed = subjects.filter((subject) => !unkilled.includes(subject));

/** One row per kill. */
export const rows = directions.flatMap((direction) =>
  killed.flatMap((subject) => {
    const kill = subject.kills[direction];
    return kill ? [{ subject, direction, ...kill }] : [];
  }),
);
