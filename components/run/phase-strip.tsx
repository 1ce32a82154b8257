import { Circle, CircleCheck, CircleDot, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { phaseLook } from '@/components/plan/phase-head';
import { classes } from '@/components/ui/classes';
import { formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import type { RunView } from '@/lib/run/model';
import { type PhaseState, type RunPhase, runPhases } from './run-phases';

const marks: Readonly<Record<PhaseState, { icon: typeof Circle; look: string }>> = {
  todo: { icon: Circle, look: 'text-ink-3' },
  live: { icon: CircleDot, look: 'text-ok' },
  done: { icon: CircleCheck, look: 'text-ok' },
  failed: { icon: CircleX, look: 'text-bad' },
};

/** The phases of the run's direction side by side, each filling as its steps end. */
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
        <PhaseCell key={phase.phase} phase={phase} />
      ))}
    </section>
  );
}

function PhaseCell({ phase }: { readonly phase: RunPhase }) {
  const t = useTranslations();
  const { state, share } = phase;
  const mark = marks[state];
  const time =
    phase.tookMs === null
      ? t('run.phaseForecast', { duration: formatDuration(phase.forecastMs) })
      : formatDuration(phase.tookMs);
  return (
    <div
      aria-current={state === 'live' ? 'step' : undefined}
      className={classes(
        'grid min-w-0 gap-1.5 border-line px-3.5 py-2.5 max-md:not-first:border-t md:not-first:border-l',
        state === 'live' && 'bg-scf-soft shadow-[inset_0_0_0_1px_var(--scf-line)]',
        state === 'failed' && 'bg-bad-soft shadow-[inset_0_0_0_1px_var(--bad-line)]',
      )}
    >
      <div className="flex items-center gap-1.5">
        <mark.icon aria-hidden className={classes('size-3.5 shrink-0', mark.look)} />
        <strong className={state === 'todo' ? 'font-medium text-ink-2' : 'font-semibold'}>
          {t(`plan.phase.${phase.phase}`)}
        </strong>
        <span className="sr-only">{t(`run.phaseState.${state}`)}</span>
        <span className="ml-auto text-12 whitespace-nowrap text-ink-2 tabular-nums">{time}</span>
      </div>
      <div
        aria-hidden
        className="h-2 overflow-hidden rounded-[1px] bg-sunken ring-1 ring-line-strong ring-inset"
      >
        <div className={classes('h-full', phaseLook[phase.phase])} style={{ width: `${share * 100}%` }} />
      </div>
      <div className="min-h-4 text-11 text-ink-3">
        {phase.startedAt === null ? null : <Time at={phase.startedAt} />}
      </div>
    </div>
  );
}
