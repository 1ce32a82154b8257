import { Lightbulb } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { OfDiversion } from '@/components/capacity/model/scenario-link';
import { Button, ButtonLink } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { adviseCapacity, type CapacityAdvice } from '@/lib/capacity/advice/advise';
import { capacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { writeWarm } from '@/lib/draft/set-warm';
import { routes } from '@/lib/routes';
import { useCapacityFormat } from './capacity-format';

export type AdvicePanelProps = {
  readonly scenario: CapacityScenario;
  /** The diversion that the page was opened from; null = none. */
  readonly of: OfDiversion | null;
  /** Shows the scenario with the advised values. */
  readonly onUse: (scenario: CapacityScenario) => void;
};

/** Advice on how to keep the goals. It simulates the event some hundred times, so people ask for it. */
export function AdvicePanel({ scenario, of, onUse }: AdvicePanelProps) {
  const t = useTranslations('capacity.advice');
  const [given, setGiven] = useState<{ of: CapacityScenario; advice: CapacityAdvice } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ask = () => {
    setIsBusy(true);
    // Lets the browser show that it is busy.
    setTimeout(() => {
      setGiven({ of: scenario, advice: adviseCapacity(scenario) });
      setIsBusy(false);
    }, 30);
  };
  const advice = given !== null && given.of === scenario ? given.advice : null;
  return (
    <Panel
      title={t('title')}
      aside={
        <Button size="sm" icon={<Lightbulb aria-hidden />} busy={isBusy} onClick={ask}>
          {t('ask')}
        </Button>
      }
      flush
    >
      {advice === null ? (
        <p className="px-4 py-3 text-12 text-ink-2">{given === null ? t('about') : t('outdated')}</p>
      ) : (
        <Advice {...{ advice, scenario, of, onUse }} />
      )}
    </Panel>
  );
}

function Advice({ advice, scenario, of, onUse }: AdvicePanelProps & { readonly advice: CapacityAdvice }) {
  const t = useTranslations('capacity.advice');
  const write = useCapacityFormat(scenario.startsAt);
  const { advised, now } = advice;
  const { currency } = scenario.prices;
  return (
    <div className="grid gap-3 px-4 py-3">
      <p>{now.areGoalsMet ? t('met') : t('missed')}</p>
      <ul className="grid list-disc gap-1.5 pl-4">
        {useLines(advice, scenario).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <p className="text-12 text-ink-2">
          {t(advised.outcome.areGoalsMet ? 'thenMet' : 'thenMissed', {
            refused: write.percent(advised.outcome.refusedShare),
            wait: write.wait(advised.outcome.waitP95Ms / 1000),
            cost: `${write.money(advised.outcome.cost)} ${currency}`,
          })}
        </p>
        <Button size="sm" onClick={() => onUse(advised.scenario)}>
          {t('use')}
        </Button>
        {of === null ||
        advice.provisioned.kind !== 'instances' ||
        advice.provisioned.instances === 0 ? null : (
          <ButtonLink
            size="sm"
            href={routes.newDiversion(of.connection, {
              diversion: of.diversion,
              warm: advice.provisioned.byFunction.map(({ name, instances }) => writeWarm(name, instances)),
            })}
          >
            {t('useIn', { diversion: of.diversion })}
          </ButtonLink>
        )}
      </div>
      <Sensitivity advice={advice} />
    </div>
  );
}

/** Returns the advice in words, one subject in each. */
function useLines(advice: CapacityAdvice, scenario: CapacityScenario): readonly string[] {
  const t = useTranslations('capacity.advice');
  const write = useCapacityFormat(scenario.startsAt);
  const { provisioned, divertEarlierS, quotas, spike, shards, mixes } = advice;
  const [cheapest] = mixes;
  return [
    provisioned.kind === 'instances'
      ? t(provisioned.isInTime ? 'instances' : 'instancesLate', {
          instances: provisioned.instances,
          at: write.time(provisioned.prewarmAtS),
          warmUp: durationText(Math.ceil(provisioned.warmUpS)),
        })
      : t('beyondQuota', { fitting: provisioned.fitting }),
    ...(divertEarlierS === null || divertEarlierS === 0
      ? []
      : [t('divertEarlier', { by: durationText(divertEarlierS) })]),
    ...quotas
      .filter(({ neededMb, quotaMb }) => neededMb !== null && neededMb > quotaMb)
      .map(({ region, neededMb, leadDays }) =>
        t('quota', { region, needed: write.count((neededMb ?? 0) / 1024), days: leadDays }),
      ),
    spike.factor === 0
      ? t('noSpike')
      : t('spike', { factor: write.number(spike.factor), peak: write.count(spike.peakRps) }),
    ...(shards.functions <= 1 ? [] : [t('shards', { functions: shards.functions, regions: shards.regions })]),
    ...(cheapest === undefined || !cheapest.areGoalsMet
      ? []
      : [
          t('cheapest', {
            part: write.percent(cheapest.part),
            instances: cheapest.instances ?? 0,
            cost: `${write.money(cheapest.cost)} ${scenario.prices.currency}`,
          }),
        ]),
  ];
}

type SensitivityRow = CapacityAdvice['sensitivity'][number];

/** The assumptions that matter most. */
function Sensitivity({ advice: { sensitivity } }: { readonly advice: CapacityAdvice }) {
  const t = useTranslations('capacity.advice');
  const write = useCapacityFormat(null);
  const columns: readonly Column<SensitivityRow>[] = [
    { name: t('assumption'), cell: ({ name }) => capacityAssumptions[name].about },
    { name: t('others'), cell: ({ others }) => others.map(({ value }) => value).join(', ') },
    { name: t('refusedBy'), isNumber: true, cell: ({ refusedBy }) => `${write.percent(refusedBy)} %` },
    { name: t('costBy'), isNumber: true, cell: ({ costBy }) => `${write.percent(costBy)} %` },
    { name: t('changesResult'), cell: ({ changesResult }) => (changesResult ? t('yes') : t('no')) },
  ];
  return (
    <div className="-mx-4 border-t border-line">
      <DataTable
        label={t('sensitivity')}
        columns={columns}
        rows={sensitivity.slice(0, 5)}
        rowKey={({ name }) => name}
        none={t('noSensitivity')}
      />
    </div>
  );
}
