import { CirclePause, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { StateCompare } from '@/components/plan/state-compare';
import { findNumbered } from '@/components/plan/step-groups';
import { StepTitle } from '@/components/plan/step-title';
import { classes } from '@/components/ui/classes';
import { Fact, Facts } from '@/components/ui/facts';
import { Time } from '@/components/ui/time';
import type { HoldReason, RunView } from '@/lib/run/model';
import { CloudErrorBlock } from './cloud-error-block';
import { useObjectName } from './use-object-name';

/** Why a run stands still, with all that is needed to decide; nothing while it does not. */
export function HeldBanner({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.held');
  if (run.state !== 'held' || run.held === null) return null;
  const { at, reason, stepId } = run.held;
  const isAsked = reason.kind === 'asked';
  const step =
    stepId === null ? undefined : findNumbered([...run.plan.steps, ...run.plan.revert], stepId)?.step;
  const Icon = isAsked ? CirclePause : CircleX;
  return (
    <div
      role="alert"
      className={classes(
        'flex gap-2.5 rounded-lg border py-3 pr-4 pl-4',
        isAsked ? 'border-line-strong bg-surface' : 'border-bad-line bg-bad-soft',
      )}
    >
      <Icon aria-hidden className={classes('mt-0.5 size-4 shrink-0', isAsked ? 'text-ink-2' : 'text-bad')} />
      <div className="grid min-w-0 flex-1 gap-2">
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
        </div>
        <ReasonDetail reason={reason} />
      </div>
    </div>
  );
}

function ReasonTitle({ reason }: { readonly reason: HoldReason }): ReactNode {
  const t = useTranslations('run.held');
  const objectName = useObjectName();
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return t(reason.kind, { object: objectName(reason.object) });
    case 'cloudError':
      return t('cloudError', { action: reason.error.action });
    case 'probeFailed':
      return t('probeFailed');
    case 'asked':
      return t('asked', { actor: reason.actor });
  }
}

function ReasonNote({ reason }: { readonly reason: HoldReason }): ReactNode {
  const t = useTranslations('run.held');
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
    case 'asked':
      return t(`${reason.kind}Note`);
    case 'cloudError':
      return t('cloudErrorNote', { mayHaveHappened: String(!reason.settled) });
    case 'probeFailed':
      return reason.answer.failure;
  }
}

function ReasonDetail({ reason }: { readonly reason: HoldReason }): ReactNode {
  const t = useTranslations('run.held');
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return (
        <div className="rounded-md border border-bad-line bg-surface px-2.5 py-2">
          <StateCompare
            from={{ title: t('expected'), state: reason.expected }}
            to={{ title: t('found'), state: reason.found }}
          />
        </div>
      );
    case 'cloudError':
      return <CloudErrorBlock error={reason.error} />;
    case 'probeFailed':
      return (
        <div className="rounded-md border border-bad-line bg-surface px-2.5 py-1">
          <Facts>
            <Fact name={t('address')}>
              <span className="mono">{reason.answer.address}</span>
            </Fact>
            <Fact name={t('answer')}>{reason.answer.status ?? t('noAnswer')}</Fact>
            <Fact name={t('body')}>
              <span className="mono break-all">{reason.answer.body.slice(0, 400)}</span>
            </Fact>
          </Facts>
        </div>
      );
    case 'asked':
      return null;
  }
}
