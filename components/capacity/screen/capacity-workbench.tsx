'use client';

import { useTranslations } from 'next-intl';
import { useDeferredValue, useMemo, useState } from 'react';
import { defaultScenario } from '@/components/capacity/model/default-scenario';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { type LinkProblem, linkTextMax, type OfDiversion } from '@/components/capacity/model/scenario-link';
import { seriesCsv } from '@/components/capacity/model/series-csv';
import { Banner } from '@/components/ui/banner';
import { Status } from '@/components/ui/chip';
import { LiveRegion } from '@/components/ui/live-region';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { AdvicePanel } from './advice-panel';
import { CapacityAssumptionsPanel } from './capacity-assumptions-panel';
import { CapacityCharts } from './capacity-charts';
import { CapacityCostPanel } from './capacity-cost-panel';
import { CapacityFigures, useSummary } from './capacity-figures';
import { EventNotice } from './event-notice';
import { InputsPanel } from './inputs-panel';
import { LimitsPanel } from './limits-panel';
import { MonitorDemand } from './monitor-demand';
import type { MonitorDialogProps } from './monitor-dialog';
import { ScenarioActions } from './scenario-actions';
import { ScenarioComparison } from './scenario-comparison';
import { useScenarioAddress } from './use-scenario-address';

type CapacityWorkbenchProps = {
  /** The event of the plan that the page was opened for; null = none. */
  readonly event?: OpenedEvent | null;
  /** The accounts whose Monitor can be read. */
  readonly connections?: MonitorDialogProps['connections'];
};

/** Returns the diversion of an event, into which advice can be written. */
function eventDiversion(event: OpenedEvent | null): OfDiversion | null {
  if (event === null || !event.ok || event.view.scenario === null) return null;
  return { diversion: event.view.diversionId, connection: event.view.connectionId };
}

/** The inputs of a scenario, and what follows from them. */
export function CapacityWorkbench({ event = null, connections = [] }: CapacityWorkbenchProps) {
  const t = useTranslations('capacity');
  const address = useScenarioAddress((event?.ok && event.view.scenario) || defaultScenario);
  const { scenario, kept, change } = address;
  // Inputs follow the hand; figures and charts of the last value come as soon as there is time. Until then, `shown` is an
  // earlier scenario: what a button does must use `scenario`.
  const shown = useDeferredValue(scenario);
  const result = useMemo(() => simulateCapacity(shown), [shown]);
  const summary = useSummary(result);
  const [resets, setResets] = useState(0);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3">
            <h2 className="text-16">{scenario.name || t('untitled')}</h2>
            <Status tone={result.goals.areMet ? 'ok' : 'bad'}>
              {result.goals.areMet ? t('figures.met') : t('figures.missed')}
            </Status>
          </div>
          <p className="text-12 text-ink-2">{t('about')}</p>
        </div>
        <ScenarioActions
          getCsv={() =>
            seriesCsv(shown === scenario ? result : simulateCapacity(scenario), scenario.startsAt)
          }
          getLink={address.getLink}
          onReset={() => {
            change({ scenario: address.initial });
            // Also clears invalid text.
            setResets(resets + 1);
          }}
        />
      </div>
      {event === null ? null : <EventNotice event={event} />}
      {address.problem === null ? null : <LinkProblemBanner problem={address.problem} />}
      {address.isTooLong ? (
        <Banner tone="warn" title={t('link.longTitle')}>
          {t('link.long', { count: address.linkLength, most: linkTextMax })}
        </Banner>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
        <div className="min-w-0 lg:col-start-2" aria-busy={shown !== scenario}>
          <CapacityFigures scenario={shown} result={result} />
        </div>
        <div className="min-w-0 lg:sticky lg:top-16 lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <InputsPanel
            key={resets}
            scenario={scenario}
            onChange={(next) => change({ scenario: next })}
            source={
              <MonitorDemand
                {...{ scenario, connections }}
                connectionId={event?.ok ? event.view.connectionId : null}
                onChange={(next) => change({ scenario: next })}
              />
            }
          />
        </div>
        <div className="grid min-w-0 gap-4 lg:col-start-2">
          <CapacityCharts scenario={shown} result={result} />
          <AdvicePanel
            scenario={scenario}
            of={eventDiversion(event) ?? address.of}
            onUse={(next) => {
              change({ scenario: next });
              setResets(resets + 1);
            }}
          />
          <ScenarioComparison
            {...{ scenario: shown, result, kept }}
            onKeep={() => change({ kept: [...kept, scenario] })}
            onRemove={(index) => change({ kept: kept.filter((_, at) => at !== index) })}
            onShow={(next) => {
              change({ scenario: next });
              setResets(resets + 1);
            }}
          />
          <LimitsPanel result={result} startsAt={shown.startsAt} />
          <CapacityCostPanel cost={result.cost} />
          <CapacityAssumptionsPanel
            key={resets}
            assumptions={scenario.assumptions}
            onChange={(assumptions) => change({ scenario: { ...scenario, assumptions } })}
          />
        </div>
      </div>
      <LiveRegion message={summary} />
    </>
  );
}

function LinkProblemBanner({ problem }: { readonly problem: LinkProblem }) {
  const t = useTranslations('capacity.link');
  return (
    <Banner tone="bad" title={t('title')}>
      {problem.why === 'invalid'
        ? t('invalid', { at: problem.at, rule: problem.rule })
        : t(problem.why, { most: linkTextMax })}{' '}
      {t('shown')}
    </Banner>
  );
}
