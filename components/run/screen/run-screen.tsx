'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { RunClock, RunElapsed, RunLateness } from '@/components/run/clock/run-clock';
import { StepDurationsPanel } from '@/components/run/clock/step-durations-panel';
import { CommandBar, CommandNote } from '@/components/run/commands/command-bar';
import { CommandDialog } from '@/components/run/commands/command-dialog';
import { type RunActions, useRunCommands } from '@/components/run/commands/use-run-commands';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import type { DiversionSlots } from '@/components/steps/diversion-slots';
import { Ramp } from '@/components/steps/ramp';
import { Banner } from '@/components/ui/banner';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { runQuery } from '@/lib/client/page-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import type { RunPageView } from '@/lib/contract/run';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import { listMovedNames } from '@/lib/diversion/routes';
import { routes } from '@/lib/routes';
import { getFunctionShare } from '@/lib/run/model/function-share';
import { listRamp } from '@/lib/run/model/ramp';
import { EffectsPanel } from './effects-panel';
import type { PlanOutline } from './outline-steps';
import { RunAside } from './run-aside';
import { RunNotices } from './run-notices';
import { RunSteps } from './run-steps';
import { StoppedBanner } from './stopped-banner';

type RunScreenProps = RunActions &
  DiversionSlots & {
    readonly initial: RunPageView;
    /** The steps of its plan. */
    readonly outline: PlanOutline;
    /** The run's connection; null if no worker has keys for it. */
    readonly connection?: ConnectionView | null;
  };

/** A diversion with a run, while it executes and afterwards: what traffic does, every step, and the commands. */
export function RunScreen({
  initial,
  outline,
  connection = null,
  tab,
  tabs,
  notes,
  commands: more,
  children,
  ...actions
}: RunScreenProps) {
  const t = useTranslations('run');
  // A failed poll keeps the last data on screen.
  const query = useQuery({ ...runQuery(initial.id), initialData: initial });
  const run = query.data;
  const { startedAt } = run;
  const commands = useRunCommands(run, actions);
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={run.name}
          mark={
            <span role="status">
              <RunStateMark
                state={run.state}
                isCanceled={run.isCanceled}
                hasOutage={hasAcknowledgedOutage(run.plan.diversion)}
              />
            </span>
          }
          sub={<RunSentence run={run} />}
          facts={
            <>
              {notes}
              <TextLink href={routes.plan(run.planId)}>{t('ofPlan', { plan: run.planId })}</TextLink>
              <TextLink href={routes.record(run.id)}>{t('record')}</TextLink>
              <span>
                {startedAt === null
                  ? t.rich('notStarted', { actor: () => <Person address={run.actor} /> })
                  : t.rich(run.state === 'scheduled' ? 'scheduled' : 'started', signed(run.actor, startedAt))}
              </span>
              {run.state === 'scheduled' ? null : <RunElapsed startedAt={startedAt} endedAt={run.endedAt} />}
              <RunLateness latenessMs={run.latenessMs} />
            </>
          }
          aside={<RunClock run={run} />}
          actions={
            <>
              <CommandBar {...commands} />
              {more}
            </>
          }
          hasSmallActions
        />
        <CommandNote last={commands.last} />
        {commands.command === null ? null : (
          <CommandDialog
            key={commands.count}
            run={run}
            command={commands.command}
            open={commands.isOpen}
            onOpenChange={commands.setIsOpen}
            onConfirm={commands.confirm}
          />
        )}
        {query.isRefetchError ? <StaleNote readAt={query.dataUpdatedAt} /> : null}
        {run.state === 'stopped' ? <StoppedBanner run={run} /> : null}
        <RunNotices run={run} />
        <Ramp parts={listRamp(run)} functionShare={getFunctionShare(run)} zone={run.cutover?.zone} />
        {tabs}
        {tab === 'now' ? <RunAside run={run} connection={connection} /> : null}
        {tab === 'changes' ? <RunChanges run={run} outline={outline} /> : null}
        {children}
      </PageFrame>
    </>
  );
}

/** The share of the traffic that is on the function now, and the state of the run. */
function RunSentence({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run');
  const share = getFunctionShare(run);
  const isMoving = share !== null && run.startedAt !== null && run.endedAt === null;
  const leavesWeights = run.rollback.some((view) => view.state === 'done' && view.keptWeights.length > 0);
  const note = () => {
    if (run.isCanceled) return 'canceled';
    if (run.blocked !== null) return 'blocked';
    if (run.state === 'done' && hasAcknowledgedOutage(run.plan.diversion)) return 'doneWithOutage';
    return run.state === 'rolledBack' && leavesWeights ? 'rolledBackByShare' : run.state;
  };
  return (
    <p>
      {isMoving ? (
        <strong className="font-semibold text-ink">
          {t('sentence', { share, count: listMovedNames(run.plan.diversion).length })}{' '}
        </strong>
      ) : null}
      {t(`stateNote.${note()}`)}
    </p>
  );
}

type RunChangesProps = { readonly run: RunPageView; readonly outline: PlanOutline };

/** The steps of both directions, those of the current one first, and the changes that are in effect. */
function RunChanges({ run, outline }: RunChangesProps) {
  const t = useTranslations('run.steps');
  const other = run.direction === 'apply' ? 'rollback' : 'apply';
  const hasGoneBack = run.direction === 'rollback' || run.rollback.some((view) => view.state !== 'todo');
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <div className="grid min-w-0 gap-4">
        <RunSteps
          title={run.direction === 'apply' ? t('title') : t('rollback')}
          outline={outline[run.direction]}
          views={run[run.direction]}
        />
        {hasGoneBack ? (
          <RunSteps
            title={run.direction === 'apply' ? t('rollback') : t('apply')}
            outline={outline[other]}
            views={run[other]}
          />
        ) : null}
      </div>
      <div className="grid min-w-0 gap-4">
        <EffectsPanel run={run} />
        <StepDurationsPanel run={run} />
      </div>
    </div>
  );
}

/** Shows the age of stale data, and keeps it visible. */
function StaleNote({ readAt }: { readonly readAt: number }) {
  const t = useTranslations('run.live');
  const at = new Date(readAt).toISOString();
  return <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={at} /> })} />;
}
