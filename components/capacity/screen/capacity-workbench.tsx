'use client';

import { useTranslations } from 'next-intl';
import { startTransition, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { defaultScenario } from '@/components/capacity/model/default-scenario';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { type LinkProblem, linkTextMax, type OfDiversion } from '@/components/capacity/model/scenario-link';
import { seriesCsv } from '@/components/capacity/model/series-csv';
import { Banner } from '@/components/ui/banner';
import { Status } from '@/components/ui/chip';
import { LiveRegion } from '@/components/ui/live-region';
import type { CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
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

type Drawn = { readonly scenario: CapacityScenario; readonly result: CapacityResult };

/** Returns a scenario with its result once the frame with its figures is drawn: charts and tables take longer than those. */
function useDrawn(scenario: CapacityScenario, result: CapacityResult): Drawn {
  const [drawn, setDrawn] = useState<Drawn>({ scenario, result });
  useEffect(() => startTransition(() => setDrawn({ scenario, result })), [scenario, result]);
  return drawn;
}

/** No account by default, always the same list. */
const noConnections: MonitorDialogProps['connections'] = [];

/** The inputs of a scenario, and what follows from them. */
export function CapacityWorkbench({ event = null, connections = noConnections }: CapacityWorkbenchProps) {
  const t = useTranslations('capacity');
  const address = useScenarioAddress((event?.ok && event.view.scenario) || defaultScenario);
  const { scenario, kept, change } = address;
  // Inputs follow the hand; the figures of the last value come next, and charts and tables after them. Until then, `shown`
  // is an earlier scenario: what a button does must use `scenario`.
  const shown = useDeferredValue(scenario);
  const result = useMemo(() => simulateCapacity(shown), [shown]);
  const drawn = useDrawn(shown, result);
  const summary = useSummary(result);
  const [resets, setResets] = useState(0);
  const of = useMemo(() => eventDiversion(event) ?? address.of, [event, address.of]);
  const edit = useCallback((next: CapacityScenario) => change(() => ({ scenario: next })), [change]);
  /** Shows another scenario, and clears invalid text. */
  const replace = useCallback(
    (next: CapacityScenario) => {
      change(() => ({ scenario: next }));
      setResets((count) => count + 1);
    },
    [change],
  );
  const keep = useCallback(() => change((known) => ({ kept: [...known.kept, known.scenario] })), [change]);
  const remove = useCallback(
    (index: number) => change((known) => ({ kept: known.kept.filter((_, at) => at !== index) })),
    [change],
  );
  const assume = useCallback(
    (assumptions: CapacityScenario['assumptions']) =>
      change((known) => ({ scenario: { ...known.scenario, assumptions } })),
    [change],
  );
  const connectionId = event?.ok ? event.view.connectionId : null;
  const source = useMemo(
    () => <MonitorDemand {...{ scenario, connections, connectionId }} onChange={edit} />,
    [scenario, connections, connectionId, edit],
  );
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
          onReset={() => replace(address.initial)}
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
          <InputsPanel key={resets} scenario={scenario} onChange={edit} source={source} />
        </div>
        <div className="grid min-w-0 gap-4 lg:col-start-2" aria-busy={drawn.scenario !== scenario}>
          <CapacityCharts {...drawn} />
          <AdvicePanel scenario={scenario} of={of} onUse={replace} />
          <ScenarioComparison {...drawn} kept={kept} onKeep={keep} onRemove={remove} onShow={replace} />
          <LimitsPanel result={drawn.result} startsAt={drawn.scenario.startsAt} />
          <CapacityCostPanel cost={drawn.result.cost} />
          <CapacityAssumptionsPanel key={resets} assumptions={scenario.assumptions} onChange={assume} />
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
