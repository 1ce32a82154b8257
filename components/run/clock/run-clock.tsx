'use client';

import { useTranslations } from 'next-intl';
import { formatCountdown, formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RunView } from '@/lib/run/model/model';
import { currentSteps } from '@/lib/run/model/ramp';

/**
 * The time left until the next event of a scheduled run (prewarm, T0, the end of a bake, T1), or since T0; with that
 * instant.
 */
export function RunClock({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.clock');
  const now = useNow(1000);
  const { cutover, gate, endedAt, state } = run;
  if (cutover === null) return null;
  const { zone, t0, t1 } = cutover;
  const prewarm = gate?.gate === 'prewarm' ? [{ gate: 'prewarm', at: gate.due }] : [];
  const bake = currentSteps(run).find((view) => view.state === 'waiting')?.waitingUntil;
  const wait = bake ? [{ gate: 'step', at: bake }] : [];
  const back = t1 === null || state === 'rollingBack' ? [] : [{ gate: 'T1', at: t1 }];
  const awaited = [...prewarm, { gate: 'T0', at: t0 }, ...wait, ...back];
  const next = now === null ? undefined : awaited.find(({ at }) => Date.parse(at) > now);
  const shown = endedAt !== null && state !== 'stopped' ? undefined : next;
  const at = shown ?? { gate: 'T0', at: t0 };
  return (
    <div className="grid shrink-0 md:justify-items-end">
      {now === null || (endedAt !== null && shown === undefined) ? null : (
        <span className="text-20 leading-7 font-semibold tracking-tight whitespace-nowrap md:text-24 tabular-nums">
          {shown === undefined
            ? t('since', { time: formatCountdown(now - Date.parse(t0)) })
            : t('to', { gate: shown.gate, time: formatCountdown(Date.parse(shown.at) - now) })}
        </span>
      )}
      <span className="text-11 text-ink-3">
        {t.rich('at', { gate: at.gate, time: () => <Time at={at.at} zone={zone} /> })}
      </span>
    </div>
  );
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
