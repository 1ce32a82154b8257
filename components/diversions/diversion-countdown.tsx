'use client';

import { useTranslations } from 'next-intl';
import { formatCountdown } from '@/components/ui/format-time';
import { useNow } from '@/components/ui/use-now';
import type { RunState } from '@/lib/run/model/model';

type DiversionCountdownProps = {
  /** The state of the diversion's run; null = it has none. */
  readonly runState: RunState | null;
  /** ISO instants; null = it stays. */
  readonly t0: string;
  readonly t1: string | null;
};

/** The time to T0 or T1 of the diversion's run, while it waits for one of them. */
export function DiversionCountdown({ runState, t0, t1 }: DiversionCountdownProps) {
  const t = useTranslations('diversions.command');
  const now = useNow(1000);
  const isWaiting = runState === 'scheduled' || runState === 'ready';
  const next = isWaiting ? t0 : runState === 'diverted' ? t1 : null;
  if (now === null || next === null || Date.parse(next) <= now) return null;
  const duration = formatCountdown(Date.parse(next) - now);
  return (
    <span className="text-12 font-semibold tabular-nums">{t(isWaiting ? 't0In' : 't1In', { duration })}</span>
  );
}
