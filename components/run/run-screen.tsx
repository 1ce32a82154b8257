'use client';

import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Page, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { CommandRunAction } from '@/lib/client/actions';
import { routes } from '@/lib/routes';
import type { RunView } from '@/lib/run/model';
import { EffectsPanel } from './effects-panel';
import { HeldBanner } from './held-banner';
import { PhaseStrip } from './phase-strip';
import { ProbesPanel } from './probes-panel';
import { RunCommands } from './run-commands-bar';
import { RunElapsed } from './run-elapsed';
import { RunStateChip } from './run-state-chip';
import { RunSteps } from './run-steps';
import { StaleNote } from './stale-note';
import { StepDurationsPanel } from './step-durations-panel';
import { useRun } from './use-run';

type RunScreenProps = { readonly initial: RunView; readonly commandRun: CommandRunAction };

/** A run while it happens and afterwards: where it stands, every step, what was asked of it and what can be done. */
export function RunScreen({ initial, commandRun }: RunScreenProps) {
  const t = useTranslations('run');
  const { run, readAt, isStale, command } = useRun(initial, commandRun);
  const hasGoneBack = run.direction === 'revert' || run.revert.some((view) => view.state !== 'todo');
  return (
    <>
      <ReadOnlyNote />
      <Page>
        <PageHeader
          title={run.name}
          sub={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12">
              <RunStateChip state={run.state} />
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
            </span>
          }
          actions={<RunCommands run={run} command={command} />}
        />
        {isStale ? <StaleNote readAt={readAt} /> : null}
        <HeldBanner run={run} />
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
            <EffectsPanel run={run} />
            <ProbesPanel run={run} />
            <StepDurationsPanel run={run} />
          </div>
        </div>
      </Page>
    </>
  );
}
