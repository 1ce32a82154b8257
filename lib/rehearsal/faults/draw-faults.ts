import type { FaultChoice, RehearsalFault, RehearsalFaultKind } from '@/lib/rehearsal/input';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';

/** The bounds of a kind's duration in seconds, and of its amount. */
type Bounds = { readonly forS: readonly [number, number]; readonly amount: readonly [number, number] };

const bounds: Readonly<Record<RehearsalFaultKind, Bounds>> = {
  /** The share of calls, in %. */
  apiErrors: { forS: [30, 300], amount: [5, 50] },
  apiThrottled: { forS: [30, 300], amount: [10, 80] },
  apiDown: { forS: [10, 180], amount: [0, 0] },
  responseLost: { forS: [0, 0], amount: [1, 2] },
  /** The duration of a task, in seconds. */
  slowTasks: { forS: [60, 600], amount: [5, 60] },
  taskFails: { forS: [0, 0], amount: [1, 2] },
  /** The TTL that the record gets, in seconds. */
  foreignEdit: { forS: [0, 0], amount: [120, 600] },
  workerCrash: { forS: [0, 0], amount: [0, 0] },
  /** In seconds. */
  clockJump: { forS: [0, 0], amount: [-60, 60] },
  functionFails: { forS: [20, 240], amount: [0, 0] },
  serverDown: { forS: [60, 1200], amount: [0, 0] },
  /** The share of the clients behind the resolvers, in %. */
  resolverOutage: { forS: [30, 300], amount: [10, 60] },
};

/** The span in which faults may begin, in seconds after T0, and the instants around which they do most harm. */
export type FaultSpan = {
  readonly fromS: number;
  readonly untilS: number;
  readonly critical: readonly number[];
};

/** Faults near a critical instant are drawn up to this time before or after it, in s. */
export const aroundS = 180;

/** Draws the faults of a rehearsal: half of them around a critical instant, the others at any time. In order of time. */
export function drawFaults(
  { kinds, count, given }: FaultChoice,
  { fromS, untilS, critical }: FaultSpan,
  random: SeededRandom,
): readonly RehearsalFault[] {
  const drawn = Array.from({ length: kinds.length === 0 ? 0 : count }, (): RehearsalFault => {
    const kind = kinds[random.int(0, kinds.length - 1)] ?? 'apiErrors';
    const near = critical[random.int(0, Math.max(0, critical.length - 1))];
    const isNear = random.next() < 0.5 && near !== undefined;
    const atS = isNear ? near + random.int(-aroundS, aroundS) : random.int(fromS, untilS);
    const { forS, amount } = bounds[kind];
    return {
      kind,
      atS: Math.min(untilS, Math.max(fromS, atS)),
      forS: random.int(...forS),
      amount: random.int(...amount),
      object: random.int(0, 1_000_000),
    };
  });
  return [...drawn, ...given].toSorted((a, b) => a.atS - b.atS);
}
