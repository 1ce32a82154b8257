import type { ScheduledCutover } from '@/lib/contract/schedule';
import type { Phase } from '@/lib/diversion/phase';
import type { NightSpan } from './nights';

export type PhaseSpan = NightSpan & { readonly phase: Phase };

/**
 * The drawn length of a permanent diversion after its move, in ms: half a night, then its bar fades, because it has no
 * end. Drawing it through all later nights would add no information and hide other bars.
 */
const openMs = 12 * 3_600_000;

type Times = Pick<ScheduledCutover, 'prewarmAt' | 'divertedAt' | 'backAt' | 'endedAt' | 'cutover' | 'state'>;

/** Returns whether the diversion is permanent: it has no T1, and was neither rolled back nor left as is. */
export function staysOpen({ cutover, state }: Pick<Times, 'cutover' | 'state'>): boolean {
  return cutover.t1 === null && state !== 'rolledBack' && state !== 'closed';
}

/** Returns the end of the hold: T1, the time of the rollback, or none. */
function holdEnd(times: Times, moved: number): number {
  const { cutover, endedAt } = times;
  if (cutover.t1 !== null) return Math.max(moved, Date.parse(cutover.t1));
  return staysOpen(times) || endedAt === null ? moved + openMs : Math.max(moved, Date.parse(endedAt));
}

/**
 * Returns the scheduled phases of a cutover in order, in epoch ms. Verify is part of divert, because it takes seconds.
 */
export function phaseSpans(times: Times): readonly PhaseSpan[] {
  const { prewarmAt, divertedAt, backAt, cutover } = times;
  const [start, t0, moved] = [Date.parse(prewarmAt), Date.parse(cutover.t0), Date.parse(divertedAt)] as const;
  const end = holdEnd(times, moved);
  const spans: readonly PhaseSpan[] = [
    { phase: 'prewarm', from: start, to: t0 },
    { phase: 'divert', from: t0, to: moved },
    { phase: 'diverted', from: moved, to: end },
    { phase: 'rollback', from: end, to: backAt === null ? end : Math.max(end, Date.parse(backAt)) },
  ];
  return spans.filter(({ from, to }) => to > from);
}

/** Returns the span from the start of prewarm to the end of the bar, in epoch ms. */
export function wholeSpan(times: Times): NightSpan {
  const spans = phaseSpans(times);
  const from = Date.parse(times.prewarmAt);
  return { from, to: Math.max(from + 1, ...spans.map(({ to }) => to)) };
}
