import type { ScheduledCutover } from '@/lib/client/views';
import type { Phase } from '@/lib/diversion/phase';
import type { Span } from './nights';

export type PhaseSpan = Span & { readonly phase: Phase };

/** How long a diversion that stays is drawn for after it has moved, in ms: its bar has no end of its own. */
const staysMs = 3_600_000;

type Times = Pick<ScheduledCutover, 'prewarmAt' | 'divertedAt' | 'backAt' | 'cutover'>;

/** The phases of a cutover on the clock, in their order, in epoch ms. Verify is part of divert: it takes seconds. */
export function phaseSpans({ prewarmAt, divertedAt, backAt, cutover }: Times): readonly PhaseSpan[] {
  const [start, t0, moved] = [prewarmAt, cutover.t0, divertedAt].map(Date.parse) as [number, number, number];
  const t1 = cutover.t1 === null ? moved + staysMs : Math.max(moved, Date.parse(cutover.t1));
  const spans: readonly PhaseSpan[] = [
    { phase: 'prewarm', from: start, to: t0 },
    { phase: 'divert', from: t0, to: moved },
    { phase: 'hold', from: moved, to: t1 },
    { phase: 'revert', from: t1, to: backAt === null ? t1 : Math.max(t1, Date.parse(backAt)) },
  ];
  return spans.filter(({ from, to }) => to > from);
}

/** From the begin of prewarm to where the bar ends, in epoch ms. */
export function wholeSpan(times: Times): Span {
  const spans = phaseSpans(times);
  const from = Date.parse(times.prewarmAt);
  return { from, to: Math.max(from + 1, ...spans.map(({ to }) => to)) };
}
