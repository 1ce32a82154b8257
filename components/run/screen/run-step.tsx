import { Check, CircleSlash, Crosshair, Hourglass, LoaderCircle, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CloudErrorBlock } from '@/components/cloud-error/cloud-error-block';
import { Countdown } from '@/components/run/clock/run-clock';
import { useMeasure } from '@/components/shell/use-measure';
import { classes } from '@/components/ui/classes';
import { Copyable, Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import type { ItemPlace } from '@/components/ui/tables/virtual-items';
import { Time } from '@/components/ui/time';
import type { BakeGap, StepView } from '@/lib/run/model/model';

/** A step with its displayed number: writes are counted, probes and waits between them are not. */
export type NumberedView = { readonly view: StepView; readonly number: number | null };
type RunStepProps = NumberedView & { readonly title: ReactNode; readonly place: ItemPlace };

/** One step of a run: its state, start, duration, and the request ids for looking it up. */
export function RunStep({ view, number, title, place }: RunStepProps) {
  const t = useTranslations('run.steps');
  const { state, step } = view;
  return (
    <li
      {...place}
      id={step.id}
      className={classes(
        'relative grid scroll-mt-16 target:outline-2 target:-outline-offset-2 target:outline-accent grid-cols-[1.375rem_minmax(0,1fr)_auto] items-center gap-x-2.5 px-4 py-1.5 text-12',
        (state === 'running' || state === 'waiting') && 'bg-scf-soft',
        state === 'failed' && 'bg-bad-soft',
      )}
    >
      <StepMark view={view} number={number} />
      <span className="sr-only">{t(`state.${state}`)}</span>
      <div className="grid min-w-0">
        <span
          className={classes(
            step.kind === 'write' ? 'text-13' : 'text-12',
            state === 'todo' || state === 'notRun' || step.kind !== 'write' ? 'text-ink-2' : 'font-semibold',
          )}
        >
          {title}
        </span>
        <StepFacts view={view} />
      </div>
      <StepTimes view={view} />
      {/* The banner covers a step that failed permanently; this shows the errors of a step that continues. */}
      {view.error === null ? null : (
        <div className="col-span-2 col-start-2 mt-1.5">
          <CloudErrorBlock error={view.error} />
        </div>
      )}
    </li>
  );
}

/** Returns whether a step will never have a result. */
function isStopped({ state }: StepView): boolean {
  return state === 'interrupted' || state === 'notRun';
}

/** The maximum number of request ids shown, from the end: a throttled call is repeated for minutes. */
const requestsShown = 3;

function StepFacts({ view }: { readonly view: StepView }) {
  const t = useTranslations('run.steps');
  const { step, outcome, attempts, requestIds, waitingUntil, gap } = view;
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-11 text-ink-3">
      {step.kind === 'write' ? <Mono>{step.call.action}</Mono> : null}
      {requestIds.slice(-requestsShown).map((id) => (
        <Copyable key={id} value={id} shown={id.slice(0, 8)} />
      ))}
      {isStopped(view) ? (
        <span aria-hidden className={view.state === 'interrupted' ? 'text-warn-ink' : undefined}>
          {t(`state.${view.state}`)}
        </span>
      ) : null}
      {outcome !== null ? <span>{t(`outcome.${outcome}`)}</span> : null}
      {view.keptWeights?.map(({ type, value, weight }) => (
        <span key={`${type} ${value}`}>{t('keptWeight', { record: `${type} ${value}`, weight })}</span>
      ))}
      {gap === null ? null : <BakeGapText gap={gap} />}
      {attempts > 1 ? <span>{t('attempts', { count: attempts })}</span> : null}
      {view.probe !== null && !view.probe.passed ? (
        <span className="text-bad-ink">{view.probe.failure}</span>
      ) : null}
      {waitingUntil === null ? null : <Countdown until={waitingUntil} />}
    </span>
  );
}

/** The measures that a bake could not read. */
function BakeGapText({ gap }: { readonly gap: BakeGap }) {
  const t = useTranslations('run.steps');
  const measures = useMeasure();
  const format = useFormatter();
  return (
    <span className="text-warn-ink">
      {gap.kind === 'unguarded'
        ? t('unguarded')
        : t('unread', { measures: format.list(gap.measures.map((measure) => measures.name(measure))) })}
    </span>
  );
}

function StepTimes({ view }: { readonly view: StepView }) {
  const t = useTranslations('run.steps');
  const { startedAt, durationMs, step } = view;
  return (
    <span className="grid justify-items-end whitespace-nowrap text-ink-2 tabular-nums">
      <span>
        {durationMs !== null
          ? formatDuration(durationMs)
          : isStopped(view)
            ? null
            : t('forecast', { duration: formatDuration(step.forecastMs) })}
      </span>
      <span className="text-11 text-ink-3 max-md:hidden">
        {startedAt === null ? null : <Time at={startedAt} />}
      </span>
    </span>
  );
}

function StepMark({ view, number }: NumberedView) {
  const { state, step } = view;
  const round = 'grid size-5.5 place-items-center rounded-full border text-11 font-semibold [&_svg]:size-3';
  if (state === 'failed') {
    return (
      <span aria-hidden className={classes(round, 'border-bad bg-bad text-on-bad')}>
        <X />
      </span>
    );
  }
  if (state === 'interrupted') {
    return (
      <span aria-hidden className={classes(round, 'border-warn-line bg-warn-soft text-warn-ink')}>
        <CircleSlash />
      </span>
    );
  }
  if (state === 'running' || state === 'waiting') {
    return (
      <span aria-hidden className={classes(round, 'border-scf-line bg-surface text-scf-ink')}>
        {state === 'running' ? <LoaderCircle className="animate-spin" /> : <Hourglass />}
      </span>
    );
  }
  if (step.kind !== 'write') {
    const Icon = step.kind === 'probe' ? Crosshair : Hourglass;
    const look = state === 'done' ? 'text-ok' : 'text-ink-3';
    return <Icon aria-hidden className={classes('mx-1 size-3.5', look)} />;
  }
  if (state === 'done' || state === 'skipped') {
    return (
      <span aria-hidden className={classes(round, 'border-ok-line bg-ok-soft text-ok-ink')}>
        <Check />
      </span>
    );
  }
  return (
    <span aria-hidden className={classes(round, 'border-line-strong bg-surface text-ink-2')}>
      {number}
    </span>
  );
}
