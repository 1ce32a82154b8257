import { Circle, CircleCheck, CircleDot, CircleSlash, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { phaseLook } from '@/components/steps/phase-look';
import { classes } from '@/components/ui/classes';
import { formatCountdown, formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RunView } from '@/lib/run/model/model';
import { type PhaseState, type RunPhase, runPhases } from '@/lib/run/model/run-phases';
import { usePhaseShare } from './use-phase-share';

const marks: Readonly<Record<PhaseState, { icon: typeof Circle; look: string }>> = {
  todo: { icon: Circle, look: 'text-ink-3' },
  live: { icon: CircleDot, look: 'text-ok' },
  done: { icon: CircleCheck, look: 'text-ok' },
  failed: { icon: CircleX, look: 'text-bad' },
  cut: { icon: CircleSlash, look: 'text-ink-3' },
};

/** The phases of the run side by side, each filling as its steps end. */
export function PhaseStrip({ run }: { readonly run: RunView }) {
  const t = useTranslations('run');
  const phases = runPhases(run);
  if (phases.length === 0) return null;
  return (
    <section
      aria-label={t('phases')}
      className="grid rounded-lg border border-line bg-surface md:auto-cols-fr md:grid-flow-col"
    >
      {phases.map((phase) => (
        <PhaseCell key={`${phase.direction} ${phase.phase}`} phase={phase} zone={run.cutover?.zone} />
      ))}
    </section>
  );
}

type PhaseCellProps = { readonly phase: RunPhase; readonly zone: string | undefined };

function PhaseCell({ phase, zone }: PhaseCellProps) {
  const t = useTranslations();
  const { state } = phase;
  const share = usePhaseShare(phase);
  const mark = marks[state];
  return (
    <div
      aria-current={state === 'live' ? 'step' : undefined}
      className={classes(
        'grid min-w-0 grid-cols-1 content-start gap-1.5 border-line px-3.5 py-2.5 max-md:not-first:border-t md:not-first:border-l',
        state === 'live' && 'bg-scf-soft shadow-[inset_0_0_0_1px_var(--scf-line)]',
        state === 'failed' && 'bg-bad-soft shadow-[inset_0_0_0_1px_var(--bad-line)]',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-1.5">
        <mark.icon aria-hidden className={classes('size-3.5 shrink-0', mark.look)} />
        <strong className={state === 'todo' || state === 'cut' ? 'font-medium text-ink-2' : 'font-semibold'}>
          {t(`plan.phase.${phase.phase}`)}
        </strong>
        <span className="sr-only">{t(`run.phaseState.${state}`)}</span>
        <span className="ml-auto text-12 whitespace-nowrap text-ink-2 tabular-nums">
          <PhaseTook phase={phase} />
        </span>
      </div>
      <div
        aria-hidden
        className="h-2 overflow-hidden rounded-[1px] bg-sunken ring-1 ring-line-strong ring-inset"
      >
        <div className={classes('h-full', phaseLook[phase.phase])} style={{ width: `${share * 100}%` }} />
      </div>
      <div className="flex min-h-4 flex-wrap gap-x-2 text-11 text-ink-3 [&_time]:whitespace-normal">
        <PhaseTimes phase={phase} zone={zone} />
      </div>
    </div>
  );
}

/** The actual or expected duration of a phase; while diverted, its end. */
function PhaseTook({ phase }: { readonly phase: RunPhase }) {
  const t = useTranslations('run');
  if (phase.untilAt !== null) return null;
  return phase.tookMs === null
    ? t('phaseForecast', { duration: formatDuration(phase.forecastMs) })
    : formatDuration(phase.tookMs);
}

type PhaseTimesProps = { readonly phase: RunPhase; readonly zone: string | undefined };

/** The actual or scheduled start of a phase; while diverted, its end and the time left until then. */
function PhaseTimes({ phase, zone }: PhaseTimesProps) {
  const t = useTranslations('run');
  const at = phase.startedAt ?? phase.dueAt;
  const { untilAt } = phase;
  return (
    <>
      {at === null ? null : <Time at={at} zone={zone} />}
      {untilAt === null ? null : (
        <span>{t.rich('until', { time: () => <Time at={untilAt} zone={zone} /> })}</span>
      )}
      {untilAt !== null && phase.state === 'live' ? <Left until={untilAt} /> : null}
    </>
  );
}

function Left({ until }: { readonly until: string }) {
  const t = useTranslations('run');
  const now = useNow(1000);
  const leftMs = now === null ? 0 : Date.parse(until) - now;
  if (leftMs <= 0) return null;
  return <span className="ml-auto tabular-nums">{t('left', { time: formatCountdown(leftMs) })}</span>;
}
