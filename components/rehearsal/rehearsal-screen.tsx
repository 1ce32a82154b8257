'use client';

import { useQuery } from '@tanstack/react-query';
import { Ban, Braces, Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { scenarioAddress } from '@/components/capacity/model/scenario-link';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Banner, Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { rehearsalQuery } from '@/lib/client/rehearsal-queries';
import { useMay } from '@/lib/client/session/rights';
import type { CancelRehearsalAction, RehearsalView, StartRehearsalAction } from '@/lib/contract/rehearsal';
import { routes } from '@/lib/routes';
import { ComparePanel } from './compare-panel';
import { DrillPanel } from './drill-panel';
import { RehearsalChip } from './rehearsal-chip';
import { RehearsalLine } from './rehearsal-line';
import { RehearseSeed } from './rehearse-seed';
import { ReportBody } from './report-body';

export type RehearsalScreenProps = {
  readonly initial: RehearsalView;
  readonly startRehearsal: StartRehearsalAction;
  readonly cancelRehearsal: CancelRehearsalAction;
};

/** A rehearsal: its progress while it runs, and then its report. */
export function RehearsalScreen({ initial, startRehearsal, cancelRehearsal }: RehearsalScreenProps) {
  const t = useTranslations('rehearsal');
  const { data: view, isError } = useQuery({ ...rehearsalQuery(initial.id), initialData: initial });
  const { report, drill } = view;
  return (
    <PageFrame>
      <PageHeader
        title={view.name}
        mark={<RehearsalChip row={view} />}
        sub={
          <span className="flex flex-wrap gap-x-3 text-12">
            <span>
              {t.rich('page.sub', {
                id: view.id,
                plan: () => <TextLink href={routes.plan(view.planId)}>{view.planId}</TextLink>,
              })}
            </span>
            <RehearsalLine row={view} />
          </span>
        }
        actions={report === null ? null : <ReportLinks view={view} />}
      />
      {isError ? <Callout tone="warn">{t('page.unread')}</Callout> : null}
      <Ending view={view} cancelRehearsal={cancelRehearsal} />
      {report === null ? null : (
        <>
          {drill === null ? null : (
            <>
              <DrillPanel
                drill={drill}
                goal={view.settings.goals.lostShare}
                action={(seed) => <RehearseSeed view={view} seed={seed} startRehearsal={startRehearsal} />}
              />
              <h2 className="text-16">{t('drill.worst', { seed: String(report.seed) })}</h2>
            </>
          )}
          <ReportBody report={report} view={view} />
          <ComparePanel own={view} />
        </>
      )}
    </PageFrame>
  );
}

/** Returns the scenario of a rehearsal with the goals that the rehearsal is judged by, which advice must keep. */
function withGoals({ scenario, goals }: RehearsalView['settings']): CapacityScenario {
  const { lostShare, waitP95Ms } = goals;
  return {
    ...scenario,
    goals: {
      ...scenario.goals,
      ...(lostShare === null ? {} : { refusedShare: lostShare }),
      // A scenario has no goal of 0 ms.
      ...(waitP95Ms === null ? {} : { waitP95Ms: Math.max(1, waitP95Ms) }),
    },
  };
}

function ReportLinks({
  view: { id, settings, diversionId, connectionId },
}: {
  readonly view: RehearsalView;
}) {
  const t = useTranslations('rehearsal.page');
  return (
    <span className="flex flex-wrap gap-3 text-12">
      <TextLink
        href={scenarioAddress(withGoals(settings), { diversion: diversionId, connection: connectionId })}
        prefetch={false}
      >
        {t('capacity')}
      </TextLink>
      <TextLink href={routes.api.rehearsalFile(id)} prefetch={false}>
        <Braces aria-hidden className="mr-1 inline size-3.5" />
        {t('json')}
      </TextLink>
      <TextLink href={routes.rehearsalReport(id)} prefetch={false}>
        <Printer aria-hidden className="mr-1 inline size-3.5" />
        {t('print')}
      </TextLink>
    </span>
  );
}

type EndingProps = { readonly view: RehearsalView; readonly cancelRehearsal: CancelRehearsalAction };

/** Progress of a rehearsal, or its end. */
function Ending({ view, cancelRehearsal }: EndingProps) {
  const t = useTranslations('rehearsal.page');
  const { state, progress, error, verdict, events } = view;
  if (state === 'failed')
    return (
      <Banner tone="bad" title={t('failed')}>
        {error}
      </Banner>
    );
  if (state === 'canceled') return <Banner title={t('canceled')} />;
  if (state === 'done') {
    const isMet = verdict === 'met';
    const title =
      events === 1
        ? t(isMet ? 'met' : 'missed')
        : t(isMet ? 'drillMet' : 'drillMissed', { events, missed: events - (view.endedWell ?? 0) });
    return <Banner tone={isMet ? 'neutral' : 'bad'} title={title} />;
  }
  const percent = Math.floor(progress * 100);
  const event = Math.min(events, Math.floor(progress * events) + 1);
  return (
    <div className="grid gap-2 rounded-lg border border-line bg-surface px-4 py-3">
      <progress
        aria-label={t('progress')}
        className="h-2 w-full appearance-none overflow-hidden rounded-sm bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
        max={1}
        value={progress}
      />
      <div className="flex items-center gap-3 text-12" role="status">
        {state === 'queued'
          ? t('queued')
          : events === 1
            ? t('percent', { percent })
            : t('percentDrill', { percent, event, events })}
        <CancelButton id={view.id} cancelRehearsal={cancelRehearsal} />
      </div>
    </div>
  );
}

function CancelButton({
  id,
  cancelRehearsal,
}: Pick<EndingProps, 'cancelRehearsal'> & { readonly id: string }) {
  const t = useTranslations('rehearsal.page');
  const mayCancel = useMay('operate');
  const cancel = useAction(cancelRehearsal, () => undefined);
  if (!mayCancel) return null;
  return (
    <span className="ml-auto max-md:hidden">
      <Button
        size="sm"
        icon={<Ban aria-hidden />}
        busy={cancel.isBusy || cancel.isDone}
        onClick={() => cancel.send({ rehearsalId: id })}
      >
        {t('cancel')}
      </Button>
      <ActionFailure action={cancel} />
    </span>
  );
}
