'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { PhaseStrip } from '@/components/run/clock/phase-strip';
import { RunClock, RunElapsed, RunLateness } from '@/components/run/clock/run-clock';
import { CommandBar, CommandNote } from '@/components/run/commands/command-bar';
import { CommandDialog } from '@/components/run/commands/command-dialog';
import { type RunActions, useRunCommands } from '@/components/run/commands/use-run-commands';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { Chip } from '@/components/ui/chip';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { runQuery } from '@/lib/client/page-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import type { RunPageView } from '@/lib/contract/run';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import { routes } from '@/lib/routes';
import type { RunView } from '@/lib/run/model/model';
import { currentWave } from '@/lib/run/model/run-phases';
import type { PlanOutline } from './outline-steps';
import { RunAside } from './run-aside';
import { RunNotices } from './run-notices';
import { RunStateChip } from './run-state-chip';
import { RunSteps } from './run-steps';
import { StoppedBanner } from './stopped-banner';

type RunScreenProps = RunActions & {
  readonly initial: RunPageView;
  /** The steps of its plan. */
  readonly outline: PlanOutline;
  /** The run's connection; null if no worker has keys for it. */
  readonly connection?: ConnectionView | null;
};

/** A run while it executes and afterwards: its state, every step, the commands sent and those available. */
export function RunScreen({ initial, outline, connection = null, ...actions }: RunScreenProps) {
  const t = useTranslations('run');
  // A failed poll keeps the last data on screen.
  const query = useQuery({ ...runQuery(initial.id), initialData: initial });
  const run = query.data;
  const { startedAt } = run;
  const commands = useRunCommands(run, actions);
  const other = run.direction === 'apply' ? 'rollback' : 'apply';
  const hasGoneBack = run.direction === 'rollback' || run.rollback.some((view) => view.state !== 'todo');
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={run.name}
          sub={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12">
              <RunStateChip
                state={run.state}
                isCanceled={run.isCanceled}
                isBlocked={run.blocked !== null}
                hasOutage={hasAcknowledgedOutage(run.plan.diversion)}
                leavesWeights={run.rollback.some(
                  (view) => view.state === 'done' && view.keptWeights.length > 0,
                )}
              />
              <span>
                {t.rich('ofPlan', {
                  link: () => <TextLink href={routes.plan(run.planId)}>{run.planId}</TextLink>,
                })}
              </span>
              <span>
                {startedAt === null
                  ? t.rich('notStarted', { actor: () => <Person address={run.actor} /> })
                  : t.rich(run.state === 'scheduled' ? 'scheduled' : 'started', signed(run.actor, startedAt))}
              </span>
              {run.state === 'scheduled' ? null : <RunElapsed startedAt={startedAt} endedAt={run.endedAt} />}
              <RunLateness latenessMs={run.latenessMs} />
              <TextLink href={routes.record(run.id)}>{t('record')}</TextLink>
              <RunWave run={run} />
            </span>
          }
          aside={<RunClock run={run} />}
          actions={<CommandBar {...commands} />}
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
        <PhaseStrip run={run} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,476px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <RunSteps
              title={run.direction === 'apply' ? t('steps.title') : t('steps.rollback')}
              outline={outline[run.direction]}
              views={run[run.direction]}
            />
            {hasGoneBack ? (
              <RunSteps
                title={run.direction === 'apply' ? t('steps.rollback') : t('steps.apply')}
                outline={outline[other]}
                views={run[other]}
              />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-4">
            <RunAside run={run} connection={connection} />
          </div>
        </div>
      </PageFrame>
    </>
  );
}

/** The wave of the step that the run is at, with its names; nothing where no wave moves. */
function RunWave({ run }: { readonly run: RunView }) {
  const t = useTranslations('plan.wave');
  const wave = currentWave(run);
  if (wave === null) return null;
  return (
    <span title={wave.names.join(', ')}>
      <Chip tone="accent">{t('number', { number: wave.number, all: wave.all })}</Chip>{' '}
      {t('names', { count: wave.names.length, names: wave.names.slice(0, 3).join(', ') })}
    </span>
  );
}

/** Shows the age of stale data, and keeps it visible. */
function StaleNote({ readAt }: { readonly readAt: number }) {
  const t = useTranslations('run.live');
  const at = new Date(readAt).toISOString();
  return <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={at} /> })} />;
}
