import { Lightbulb } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import type { OfDiversion } from '@/components/capacity/model/scenario-link';
import { Button, ButtonLink } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { adviseInParts, type CapacityAdvice, shardsMost } from '@/lib/capacity/advice/advise';
import { capacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { writeWarm } from '@/lib/draft/fill-advice';
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
export const AdvicePanel = memo(function AdvicePanel({ scenario, of, onUse }: AdvicePanelProps) {
  const t = useTranslations('capacity.advice');
  const [given, setGiven] = useState<{ of: CapacityScenario; advice: CapacityAdvice } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ask = async () => {
    setIsBusy(true);
    const parts = adviseInParts(scenario, earliestPrewarm(scenario, Date.now()));
    for (;;) {
      // Lets the browser show that it is busy, and react to input.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const part = parts.next();
      if (!part.done) continue;
      setGiven({ of: scenario, advice: part.value });
      setIsBusy(false);
      return;
    }
  };
  const advice = given !== null && given.of === scenario ? given.advice : null;
  return (
    <Panel
      title={t('title')}
      aside={
        <Button size="sm" icon={<Lightbulb aria-hidden />} busy={isBusy} onClick={() => void ask()}>
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
});

/** Returns the earliest prewarm of an event that is ahead: now. A past one, such as an imported one, has no such limit. */
function earliestPrewarm(
  { startsAt, traffic }: CapacityScenario,
  now: number,
): { readonly earliestPrewarmS?: number } {
  const [first] = traffic.changes;
  const nowS = startsAt === null ? null : (now - Date.parse(startsAt)) / 1000;
  return nowS === null || first === undefined || nowS >= first.atS ? {} : { earliestPrewarmS: nowS };
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
        {of === null ? null : <UseIn advice={advice} of={of} />}
      </div>
      <Mixes advice={advice} currency={currency} />
      <Sensitivity advice={advice} />
    </div>
  );
}

/** Opens the editor of the diversion with the advised instances and prewarm. Without instances there is nothing to write. */
function UseIn({ advice, of }: { readonly advice: CapacityAdvice; readonly of: OfDiversion }) {
  const t = useTranslations('capacity.advice');
  const { provisioned, prewarmLeadS } = advice;
  if (provisioned.kind !== 'instances' || provisioned.instances === 0) return null;
  // In whole minutes, as people schedule.
  const leadS = prewarmLeadS === null ? null : Math.min(86_400, Math.ceil(prewarmLeadS / 60) * 60);
  return (
    <ButtonLink
      size="sm"
      href={routes.newDiversion(of.connection, {
        diversion: of.diversion,
        warm: provisioned.byFunction.map(({ region, name, instances }) => writeWarm(region, name, instances)),
        ...(leadS === null ? {} : { prewarm: String(leadS) }),
      })}
    >
      {leadS === null
        ? t('useIn', { diversion: of.diversion })
        : t('useInWithLead', { diversion: of.diversion, lead: durationText(leadS) })}
    </ButtonLink>
  );
}

/** Returns the advice in words, one subject in each. */
function useLines(advice: CapacityAdvice, scenario: CapacityScenario): readonly string[] {
  const t = useTranslations('capacity.advice');
  const write = useCapacityFormat(scenario.startsAt);
  const { provisioned, divertEarlierS, quotas, spike, shards, mixes } = advice;
  const [cheapest] = mixes;
  const prewarmAtS = provisioned.kind === 'instances' ? provisioned.prewarmAtS : 0;
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
      .map(({ region, neededMb, quotaMb, leadDays }) =>
        t('quota', {
          region,
          needed: neededMb ?? 0,
          now: quotaMb,
          days: leadDays,
          by: write.date(prewarmAtS - leadDays * 86_400) ?? 'none',
        }),
      ),
    spike.factor === 0
      ? t('noSpike')
      : t('spike', { factor: write.number(spike.factor), peak: write.count(spike.peakRps) }),
    ...(shards.functions === null ? [t('noShards', { most: shardsMost, why: shards.why })] : []),
    ...(shards.functions === null || shards.functions <= 1
      ? []
      : [t('shards', { functions: shards.functions, regions: shards.regions, why: shards.why })]),
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

type MixRow = CapacityAdvice['mixes'][number];

/** The need and the cost of each part of the moved requests on the functions, the cheapest that keeps the goals first. */
function Mixes({
  advice: { mixes },
  currency,
}: {
  readonly advice: CapacityAdvice;
  readonly currency: string;
}) {
  const t = useTranslations('capacity.advice');
  const write = useCapacityFormat(null);
  const columns: readonly Column<MixRow>[] = [
    { name: t('mixPart'), cell: ({ part }) => `${write.percent(part)} %` },
    {
      name: t('mixInstances'),
      isNumber: true,
      cell: ({ instances }) => (instances === null ? t('mixBeyond') : write.count(instances)),
    },
    { name: t('mixRefused'), isNumber: true, cell: ({ refusedShare }) => `${write.percent(refusedShare)} %` },
    { name: t('mixWait'), isNumber: true, cell: ({ waitP95Ms }) => write.wait(waitP95Ms / 1000) },
    { name: t('mixCost'), isNumber: true, cell: ({ cost }) => `${write.money(cost)} ${currency}` },
    { name: t('mixMet'), cell: ({ areGoalsMet }) => (areGoalsMet ? t('yes') : t('no')) },
  ];
  return (
    <div className="-mx-4 border-t border-line">
      <DataTable label={t('mixes')} columns={columns} rows={mixes} rowKey={({ part }) => String(part)} />
    </div>
  );
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
