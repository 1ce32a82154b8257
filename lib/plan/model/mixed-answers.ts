import { getHostName } from '@/lib/estate/look-up';
import type { RecordSetState, RecordState } from '@/lib/estate/object';
import { canonicalState } from '@/lib/estate/object-state';
import type { Step, WriteStep } from './model';
import { buildTimeline } from './timeline';

/** The forecast time in which a name's clients get answers from both sides, because resolvers cache old ones. */
export type MixedAnswers = {
  readonly name: string;
  /** From its first move until the last old answer has expired, in seconds; 0 = no client had an answer before. */
  readonly seconds: number;
};

type Move = { readonly step: WriteStep; readonly before: RecordSetState; readonly after: RecordSetState };

const onIn = (state: RecordSetState) => state.records.filter(({ enabled }) => enabled);

/** Returns the answers of a set, ignoring its TTL. */
function describeAnswers(state: RecordSetState): string {
  const records = onIn(state).map((record): RecordState => ({ ...record, ttlS: 0 }));
  return JSON.stringify(canonicalState({ ...state, records }));
}

function listMoves(steps: readonly Step[]): readonly Move[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'write' || step.before.kind !== 'recordSet' || step.after.kind !== 'recordSet')
      return [];
    const { before, after } = step;
    return describeAnswers(before) === describeAnswers(after) ? [] : [{ step, before, after }];
  });
}

/** Returns the largest TTL in a set's answers, in ms. */
const ttlMs = (state: RecordSetState) => Math.max(0, ...onIn(state).map(({ ttlS }) => ttlS)) * 1000;

/**
 * Returns, for each name that a list of steps moves, how long its clients get a mix of old and new answers. This
 * includes shares and bakes of a ramp, but not resolvers that cache answers beyond their TTL. Pure.
 * https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1
 */
export function mixedAnswers(steps: readonly Step[]): readonly MixedAnswers[] {
  const { times } = buildTimeline(steps);
  const spans = new Map<string, { fromMs: number; toMs: number }>();
  for (const { step, before } of listMoves(steps)) {
    const time = times.get(step.id);
    if (time === undefined || step.object.kind !== 'recordSet') continue;
    const name = getHostName(step.object);
    const had = onIn(before).length > 0;
    const fromMs = had ? time.fromMs : Number.POSITIVE_INFINITY;
    const toMs = had ? time.toMs + ttlMs(before) : 0;
    const known = spans.get(name) ?? { fromMs: Number.POSITIVE_INFINITY, toMs: 0 };
    spans.set(name, { fromMs: Math.min(known.fromMs, fromMs), toMs: Math.max(known.toMs, toMs) });
  }
  return [...spans].map(([name, { fromMs, toMs }]) => ({
    name,
    seconds: Math.ceil(Math.max(0, toMs - fromMs) / 1000),
  }));
}
