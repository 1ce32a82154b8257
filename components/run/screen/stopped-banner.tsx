import { CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { goesBackAtT1 } from '@/components/run/commands/run-commands';
import { findNumbered } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import { Time } from '@/components/ui/time';
import type { RunView } from '@/lib/run/model/model';
import { ReasonDetail, ReasonNote, ReasonRunbook, ReasonTitle } from './stopped-reason';

/** The reason why a run is stopped, with all facts needed to decide; renders nothing while it is not. */
export function StoppedBanner({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.stopped');
  if (run.state !== 'stopped') return null;
  const { at, reason, stepId, retry } = run.stopped;
  const step =
    stepId === null ? undefined : findNumbered([...run.plan.steps, ...run.plan.rollback], stepId)?.step;
  return (
    <div role="alert" className="flex gap-2.5 rounded-lg border border-bad-line bg-bad-soft py-3 pr-4 pl-4">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-2">
        <div>
          <strong className="font-semibold">
            <ReasonTitle reason={reason} />
          </strong>
          <p className="text-ink-2">
            <ReasonNote reason={reason} />
          </p>
          <p className="text-12 text-ink-2">
            {t.rich('at', { time: () => <Time at={at} /> })}
            {step === undefined ? null : <> {t.rich('step', { step: () => <StepTitle step={step} /> })}</>}
          </p>
          {retry === undefined ? null : (
            <p className="text-12 font-semibold">
              {t.rich('retry', { tries: retry.tries, time: () => <Time at={retry.at} /> })}
            </p>
          )}
          {goesBackAtT1(run) ? (
            <p className="text-12 font-semibold">
              {t.rich('t1', { time: () => <Time at={run.cutover.t1} zone={run.cutover.zone} /> })}
            </p>
          ) : null}
        </div>
        <ReasonDetail reason={reason} />
        <ReasonRunbook reason={reason} />
      </div>
    </div>
  );
}
