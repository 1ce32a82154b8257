'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { RunCharts } from '@/components/run/charts/run-charts';
import { PhaseStrip } from '@/components/run/clock/phase-strip';
import { RunClock, RunElapsed, RunLateness } from '@/components/run/clock/run-clock';
import { StepDurationsPanel } from '@/components/run/clock/step-durations-panel';
import { ChoicesPanel } from '@/components/run/commands/choices-panel';
import { MainCommands, OtherCommands } from '@/components/run/commands/command-bar';
import { type RunActions, useRunCommands } from '@/components/run/commands/use-run-commands';
import { RunStateChip, RunStateMark } from '@/components/run/list/run-state-chip';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { EarlierChangesPanel } from '@/components/steps/earlier-changes-panel';
import { PhaseHead } from '@/components/steps/phase-head';
import { groupSteps, groupWave, type NumberedStep } from '@/components/steps/step-groups';
import { Banner } from '@/components/ui/banner';
import { onDemand } from '@/components/ui/base/on-demand';
import { Chip } from '@/components/ui/chip';
import { DialogPart } from '@/components/ui/dialog';
import { formatDuration } from '@/components/ui/format-time';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { VirtualItems } from '@/components/ui/tables/virtual-items';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { runQuery } from '@/lib/client/page-queries';
import type { ConnectionView, RunPageView } from '@/lib/client/views';
import { hasAcknowledgedOutage } from '@/lib/diversion/outage-findings';
import { listWaves } from '@/lib/diversion/routes';
import type { Wave } from '@/lib/diversion/wave';
import { routes } from '@/lib/routes';
import type { RunView, StepView } from '@/lib/run/model/model';
import { isOver } from '@/lib/run/model/run-effects';
import { currentWave } from '@/lib/run/model/run-phases';
import { EffectsPanel } from './effects-panel';
import { FailoverPanel } from './failover-panel';
import { MeasurePanels } from './measure-panels';
import { ProbesPanel } from './probes-panel';
import { RunAccess } from './run-access';
import { RunNotices } from './run-notices';
import { RunStep } from './run-step';

/** A run that is not held is sent without the texts of a held one. */
const HeldBanner = dynamic(() => import('./held-banner').then((module) => module.HeldBanner));
const confirmation = onDemand(() => import('@/components/run/commands/command-dialog'));

type RunScreenProps = RunActions & {
  readonly initial: RunPageView;
  /** The run's connection; null if no worker has keys for it. */
  readonly connection?: ConnectionView | null;
};

/** A run while it executes and afterwards: its state, every step, the commands sent and those available. */
export function RunScreen({ initial, connection = null, ...actions }: RunScreenProps) {
  const t = useTranslations('run');
  // A failed poll keeps the last data on screen.
  const query = useQuery({ ...runQuery(initial.id), initialData: initial });
  const run = query.data;
  const { startedAt } = run;
  const commands = useRunCommands(run, actions);
  const bar = { run, last: commands.last, onCommand: commands.show };
  const waves = listWaves(run.plan.diversion);
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
                isCanceled={run.isCanceled}
                hasOutage={hasAcknowledgedOutage(run.plan.diversion)}
                leavesWeights={run.revert.some(
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
                  ? t('notStarted', { actor: run.actor })
                  : t.rich(run.state === 'scheduled' ? 'scheduled' : 'started', {
                      actor: run.actor,
                      time: () => <Time at={startedAt} />,
                    })}
              </span>
              {run.state === 'scheduled' ? null : <RunElapsed startedAt={startedAt} endedAt={run.endedAt} />}
              <RunLateness latenessMs={run.latenessMs} />
              <RunWave run={run} />
            </span>
          }
          aside={<RunClock run={run} />}
          actions={<MainCommands {...bar} />}
          hasSmallActions
        />
        <OtherCommands {...bar} />
        <DialogPart part={confirmation} open={commands.isOpen} onClose={() => commands.setIsOpen(false)}>
          {({ CommandDialog }) =>
            commands.command === null ? null : (
              <CommandDialog
                key={commands.count}
                run={run}
                command={commands.command}
                open={commands.isOpen}
                onOpenChange={commands.setIsOpen}
                onConfirm={commands.confirm}
              />
            )
          }
        </DialogPart>
        {query.isRefetchError ? <StaleNote readAt={query.dataUpdatedAt} /> : null}
        {run.state === 'held' ? <HeldBanner run={run} /> : null}
        <ReplacedNotice run={run} />
        <RunNotices run={run} />
        <PhaseStrip run={run} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,476px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <RunSteps
              title={run.direction === 'apply' ? t('steps.title') : t('steps.rollback')}
              views={run.direction === 'apply' ? run.apply : run.revert}
              waves={waves}
            />
            {hasGoneBack ? (
              <RunSteps
                title={run.direction === 'apply' ? t('steps.rollback') : t('steps.apply')}
                views={run.direction === 'apply' ? run.revert : run.apply}
                waves={waves}
              />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-4">
            <ChoicesPanel run={run} />
            {connection === null ? null : <RunAccess run={run} connection={connection} />}
            {run.replaces === null ? null : <EarlierChangesPanel replaces={run.replaces} of="run" />}
            <FailoverPanel run={run} />
            <EffectsPanel run={run} />
            <RefusedPanel run={run} />
            <RunCharts run={run} />
            <MeasurePanels run={run} />
            <ProbesPanel run={run} />
            <StepDurationsPanel run={run} />
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

/** Commands that arrived too late to be executed; renders nothing without one. */
function RefusedPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run');
  if (run.refused.length === 0) return null;
  return (
    <Panel title={t('refused.title')}>
      <ul className="grid gap-1 text-12 text-ink-2">
        {run.refused.map(({ at, command, actor, state }) => (
          <li key={`${at} ${command}`}>
            {t.rich('refused.line', {
              command: t(`command.${command}`),
              actor,
              state: t(`state.${state}`),
              time: () => <Time at={at} />,
            })}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Reports that a run was re-planned, with the plan that continues from it or would. */
function ReplacedNotice({ run: { state, replacedBy } }: { readonly run: RunPageView }) {
  const t = useTranslations('run.replaced');
  if (replacedBy === null) return null;
  const { planId, runId, inEffect, state: now, hasOutage } = replacedBy;
  const plan = () => <TextLink href={routes.plan(planId)}>{planId}</TextLink>;
  if (runId === null) {
    return <Banner title={t.rich('planned', { plan })}>{state === 'held' ? t('stillHeld') : null}</Banner>;
  }
  return (
    <Banner
      title={t.rich('goesOn', { run: () => <TextLink href={routes.run(runId)}>{runId}</TextLink>, plan })}
    >
      <span className="inline-flex flex-wrap items-center gap-2">
        <RunStateMark state={now} hasOutage={hasOutage} />
        {inEffect === null ? t('free') : t('inEffect', { run: inEffect })}
      </span>
    </Banner>
  );
}

type RunStepsProps = {
  readonly title: string;
  readonly views: readonly StepView[];
  readonly waves: readonly Wave[];
};

const idOf = ({ step }: NumberedStep) => step.id;
/** The usual height of a step in px. */
const stepPx = 54;

/** The steps of one direction with their state, in order. */
function RunSteps({ title, views, waves }: RunStepsProps) {
  const t = useTranslations('run.steps');
  const steps = views.map((view) => view.step);
  const over = views.filter(isOver);
  const byId = new Map(views.map((view) => [view.step.id, view]));
  return (
    <Panel
      title={title}
      flush
      aside={
        <span className="text-12 text-ink-3">
          {t('count', {
            done: over.length,
            all: views.length,
            duration: formatDuration(over.reduce((sum, view) => sum + view.durationMs, 0)),
          })}
        </span>
      }
    >
      {groupSteps(steps).map((group, index) => (
        <section key={group.steps[0]?.step.id} aria-label={group.phase}>
          <PhaseHead phase={group.phase} isFirst={index === 0} wave={groupWave(steps, group, waves)} />
          <VirtualItems
            as="ol"
            items={group.steps}
            itemId={idOf}
            itemPx={stepPx}
            item={({ step, number }, place) => {
              const view = byId.get(step.id);
              return view && <RunStep key={step.id} view={view} number={number} place={place} />;
            }}
          />
        </section>
      ))}
    </Panel>
  );
}
