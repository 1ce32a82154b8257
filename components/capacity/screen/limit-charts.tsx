import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { peakPoints } from '@/components/capacity/model/peak-points';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartLook } from '@/components/charts/time-chart';
import { findClosestUse, type LimitUse, listBalancerUses } from '@/lib/capacity/limit-use';
import type { CapacityLimit, CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { useCapacityFormat, useLimitLabel } from './capacity-format';
import { ChartPanel, pointsMost, rowsMost } from './chart-panel';

type LimitChartsProps = { readonly scenario: CapacityScenario; readonly result: CapacityResult };

type LimitChartName =
  | ('starts' | 'instances')
  | ('balancerRequests' | 'balancerNewConnections' | 'balancerConnections' | 'balancerBandwidth');

/** Lists the charts of a scenario with the limits that each has. */
function listCharts(
  scenario: CapacityScenario,
  result: CapacityResult,
): readonly (readonly [LimitChartName, readonly LimitUse[]])[] {
  const closest = (kind: Parameters<typeof findClosestUse>[2]) =>
    findClosestUse(scenario, result, kind) ?? [];
  const ofBalancers = (kind: Parameters<typeof listBalancerUses>[2]) =>
    [kind, listBalancerUses(scenario, result, kind)] as const;
  return [
    ['starts', [closest('burst'), closest('warmUp')].flat()],
    // What is on another chart as the sum of all: one function, one load balancer.
    ...(scenario.functions.length < 2 ? [] : [['instances', [closest('functionInstances')].flat()] as const]),
    ...(result.byBalancer.length < 2 ? [] : [ofBalancers('balancerRequests')]),
    ofBalancers('balancerNewConnections'),
    ofBalancers('balancerConnections'),
    ofBalancers('balancerBandwidth'),
  ];
}

/** The use of the limits that other charts don't show, each with its limit as a line. */
export const LimitCharts = memo(function LimitCharts({ scenario, result }: LimitChartsProps) {
  return listCharts(scenario, result).map(([name, uses]) => (
    <LimitChart key={name} {...{ name, uses, scenario, result }} />
  ));
});

/** Joins limits that are one line, such as those of load balancers with the same specification. */
function joinEqual(limits: readonly CapacityLimit[]): readonly CapacityLimit[] {
  return limits.flatMap((limit) => {
    const equal = limits.filter(({ kind, value }) => kind === limit.kind && value === limit.value);
    if (equal[0] !== limit) return [];
    return [{ ...limit, name: [...new Set(equal.map(({ name }) => name))].join(', ') }];
  });
}

const looks: readonly ChartLook[] = ['value', 'other'];

function LimitChart(
  props: LimitChartsProps & { readonly name: LimitChartName; readonly uses: readonly LimitUse[] },
) {
  const { name, uses, scenario, result } = props;
  const t = useTranslations('capacity.charts');
  const nameLimit = useLimitLabel();
  const format = useCapacityFormat(scenario.startsAt);
  const startMs = scenario.startsAt === null ? 0 : Date.parse(scenario.startsAt);
  const curves = uses.map(({ used }, index) => ({ key: String(index), values: used, stepS: result.stepS }));
  const points = peakPoints(curves, { most: pointsMost, startMs });
  const peaks = uses.map(({ used }) => used.reduce((most, value) => Math.max(most, value), 0));
  const limited = uses.flatMap(({ limit }) => limit ?? []);
  const write = (value: number) => `${format.number(value)} ${t(`unit.${name}`)}`;
  const names = uses.map(({ name: of, limit }) => {
    if (limit?.kind === 'burst') return t('onDemand', { name: of });
    return limit?.kind === 'warmUp' ? t('warmed', { name: of }) : of;
  });
  const words = uses.map(({ limit }, index) => {
    const peak = peaks[index] ?? 0;
    const values = { name: names[index] ?? '', peak: write(peak) };
    return limit === null
      ? t('useUnlimited', values)
      : t('use', { ...values, limit: write(limit.value), share: format.percent(peak / limit.value) });
  });
  return (
    <ChartPanel
      title={t(name)}
      text={`${t(name)}: ${words.join(' ')}`}
      curves={names.map((of, index) => ({
        key: String(index),
        name: of,
        look: looks[index] ?? 'faint',
      }))}
      points={points}
      rows={peakPoints(curves, { most: rowsMost, startMs })}
      from={startMs}
      until={startMs + result.steps * result.stepS * 1000}
      top={scaleTop(peaks, limited.length === 0 ? null : Math.max(...limited.map(({ value }) => value)))}
      limits={joinEqual(limited).map((limit) => ({
        value: limit.value,
        label: nameLimit(limit),
        isBad: limit.kind !== 'warmUp',
      }))}
      format={write}
      formatTick={format.number}
      formatTime={(at) => format.time((at - startMs) / 1000)}
    >
      <p className="pt-2 text-12 text-ink-2">{words.join(' ')}</p>
    </ChartPanel>
  );
}
