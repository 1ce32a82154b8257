'use client';

import { useTranslations } from 'next-intl';
import { PhaseStrip } from '@/components/run/clock/phase-strip';
import { RunClock } from '@/components/run/clock/run-clock';
import { RunElapsed } from '@/components/run/clock/run-elapsed';
import { RunLateness } from '@/components/run/clock/run-lateness';
import { StepDurationsPanel } from '@/components/run/clock/step-durations-panel';
import { ChoicesPanel } from '@/components/run/commands/choices-panel';
import { MainCommands, OtherCommands } from '@/components/run/commands/command-bar';
import { CommandDialog } from '@/components/run/commands/command-dialog';
import { useAsking } from '@/components/run/commands/use-asking';
import { type RunActions, useRun } from '@/components/run/commands/use-run';
import { RunStateChip } from '@/components/run/list/run-state-chip';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { LeftPanel } from '@/components/steps/left-panel';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ConnectionView, RunPageView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { EffectsPanel } from './effects-panel';
import { HeldBanner } from './held-banner';
import { MeasurePanels } from './measure-panels';
import { ProbesPanel } from './probes-panel';
import { RefusedPanel } from './refused-panel';
import { ReplacedNotice } from './replaced-notice';
import { RunAccess } from './run-access';
import { RunNotices } from './run-notices';
import { RunSteps } from './run-steps';
import { StaleNote } from './stale-note';

type RunScreenProps = RunActions & {
  readonly initial: RunPageView;
  /** The run's connection; null if no worker has keys for it. */
  readonly connection?: ConnectionView | null;
};

/** A run while it executes and afterwards: its state, every step, the commands sent and those available. */
export function RunScreen({ initial, connection = null, ...actions }: RunScreenProps) {
  const t = useTranslations('run');
  const { run, readAt, isStale, command } = useRun(initial, actions);
  const asking = useAsking(run);
  const bar = { run, last: command.last, onAsk: asking.ask };
  const hasGoneBack = run.direction === 'revert' || run.revert.some((view) => view.state !== 'todo');
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
                leavesWeights={run.revert.some(({ keptWeights }) => keptWeights.length > 0)}
              />
              <span>
                {t.rich('ofPlan', {
                  link: () => <TextLink href={routes.plan(run.planId)}>{run.planId}</TextLink>,
                })}
              </span>
              <span>
                {run.startedAt === null
                  ? t('notStarted', { actor: run.actor })
                  : t.rich('started', {
                      actor: run.actor,
                      time: () => <Time at={run.startedAt ?? ''} />,
                    })}
              </span>
              <RunElapsed startedAt={run.startedAt} endedAt={run.endedAt} />
              <RunLateness latenessMs={run.latenessMs} />
            </span>
          }
          aside={<RunClock run={run} />}
          actions={<MainCommands {...bar} />}
        />
        <OtherCommands {...bar} />
        {asking.command === null ? null : (
          <CommandDialog
            key={asking.count}
            run={run}
            command={asking.command}
            open={asking.isOpen}
            onOpenChange={asking.setIsOpen}
            onGive={(...given) => {
              asking.setIsOpen(false);
              command.give(...given);
            }}
          />
        )}
        {isStale ? <StaleNote readAt={readAt} /> : null}
        <HeldBanner run={run} />
        <ReplacedNotice run={run} />
        <RunNotices run={run} />
        <PhaseStrip run={run} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,476px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <RunSteps
              title={run.direction === 'apply' ? t('steps.title') : t('steps.wayBack')}
              views={run.direction === 'apply' ? run.apply : run.revert}
            />
            {hasGoneBack ? (
              <RunSteps
                title={run.direction === 'apply' ? t('steps.wayBack') : t('steps.wayThere')}
                views={run.direction === 'apply' ? run.revert : run.apply}
              />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-4">
            <ChoicesPanel run={run} />
            {connection === null ? null : <RunAccess run={run} connection={connection} />}
            {run.replaces === null ? null : <LeftPanel replaces={run.replaces} of="run" />}
            <EffectsPanel run={run} />
            <RefusedPanel run={run} />
            <MeasurePanels run={run} />
            <ProbesPanel run={run} />
            <StepDurationsPanel run={run} />
          </div>
        </div>
      </PageFrame>
    </>
  );
}
