import type { ScheduledCutover } from '@/lib/client/views';
import type { Phase } from '@/lib/diversion/phase';
import type { Span } from './nights';

export type PhaseSpan = Span & { readonly phase: Phase };

/**
 * How far a diversion that stays is drawn after it has moved, in ms: half a night, then its bar fades, since it has no
 * end. All nights to come would say no more, and hide what else is in them.
 */
const openMs = 12 * 3_600_000;

type Times = Pick<ScheduledCutover, 'prewarmAt' | 'divertedAt' | 'backAt' | 'endedAt' | 'cutover' | 'state'>;

/** Whether the diversion stays: it has no T1, and nobody has taken it back or given it up. */
export function staysOpen({ cutover, state }: Pick<Times, 'cutover' | 'state'>): boolean {
  return cutover.t1 === null && state !== 'reverted' && state !== 'closed';
}

/** Where the hold ends: at T1, when it was taken back, or nowhere. */
function holdEnd(times: Times, moved: number): number {
  const { cutover, endedAt } = times;
  if (cutover.t1 !== null) return Math.max(moved, Date.parse(cutover.t1));
  return staysOpen(times) || endedAt === null ? moved + openMs : Math.max(moved, Date.parse(endedAt));
}

/** The phases of a cutover on the clock, in their order, in epoch ms. Verify is part of divert: it takes seconds. */
export function phaseSpans(times: Times): readonly PhaseSpan[] {
  const { prewarmAt, divertedAt, backAt, cutover } = times;
  const [start, t0, moved] = [prewarmAt, cutover.t0, divertedAt].map(Date.parse) as [number, number, number];
  const end = holdEnd(times, moved);
  const spans: readonly PhaseSpan[] = [
    { phase: 'prewarm', from: start, to: t0 },
    { phase: 'divert', from: t0, to: moved },
    { phase: 'hold', from: moved, to: end },
    { phase: 'revert', from: end, to: backAt === null ? end : Math.max(end, Date.parse(backAt)) },
  ];
  return spans.filter(({ from, to }) => to > from);
}

/** From the begin of prewarm to where the bar ends, in epoch ms. */
export function wholeSpan(times: Times): Span {
  const spans = phaseSpans(times);
  const from = Date.parse(times.prewarmAt);
  return { from, to: Math.max(from + 1, ...spans.map(({ to }) => to)) };
}
