'use client';

import { useTranslations } from 'next-intl';
import { formatCountdown, formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RunView } from '@/lib/run/model/model';

/**
 * The clock of a scheduled run: the time left until the awaited instant, or since T0, with T0 in the cutover's time
 * zone.
 */
export function RunClock({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.clock');
  const now = useNow(1000);
  const { cutover } = run;
  if (cutover === null) return null;
  return (
    <div className="grid shrink-0 md:justify-items-end">
      {now === null || run.endedAt !== null ? null : (
        <span className="text-20 leading-7 font-semibold tracking-tight whitespace-nowrap md:text-24 tabular-nums">
          <Ticking t0={Date.parse(cutover.t0)} prewarm={waitsForPrewarm(run)} now={now} />
        </span>
      )}
      <span className="text-11 text-ink-3">
        {t.rich('at', { time: () => <Time at={cutover.t0} zone={cutover.zone} /> })}
      </span>
    </div>
  );
}

/** Returns the instant of prewarm while the run waits for it, in epoch ms. */
function waitsForPrewarm({ gate }: RunView): number | null {
  return gate?.gate === 'prewarm' ? Date.parse(gate.due) : null;
}

type TickingProps = { readonly t0: number; readonly prewarm: number | null; readonly now: number };

function Ticking({ t0, prewarm, now }: TickingProps) {
  const t = useTranslations('run.clock');
  if (prewarm !== null && prewarm > now)
    return t('to', { gate: 'prewarm', time: formatCountdown(prewarm - now) });
  return t0 > now
    ? t('to', { gate: 'T0', time: formatCountdown(t0 - now) })
    : t('since', { time: formatCountdown(now - t0) });
}

/** The delay between T0 and the first call of the divert; renders nothing before that, or for an unscheduled run. */
export function RunLateness({ latenessMs }: { readonly latenessMs: number | null }) {
  const t = useTranslations('run.clock');
  if (latenessMs === null) return null;
  return <span>{t('lateness', { duration: formatDuration(Math.max(0, latenessMs)) })}</span>;
}

type RunElapsedProps = { readonly startedAt: string | null; readonly endedAt: string | null };

/** The duration of a run, so far or in total. */
export function RunElapsed({ startedAt, endedAt }: RunElapsedProps) {
  const t = useTranslations('run');
  const now = useNow(1000);
  if (startedAt === null) return null;
  const end = endedAt === null ? now : Date.parse(endedAt);
  if (end === null) return null;
  const duration = formatDuration(Math.max(0, end - Date.parse(startedAt)));
  return (
    <span className="tabular-nums">
      {endedAt === null ? t('elapsed', { duration }) : t('took', { duration })}
    </span>
  );
}

/** The time left until an instant; renders nothing once it has passed. */
export function Countdown({ until }: { readonly until: string }) {
  const t = useTranslations('run.steps');
  const now = useNow(1000);
  const leftMs = now === null ? 0 : Date.parse(until) - now;
  if (leftMs <= 0) return null;
  const whole = Math.ceil(leftMs / 1000) * 1000;
  return <span className="tabular-nums">{t('left', { duration: formatDuration(whole) })}</span>;
}
