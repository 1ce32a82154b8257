import { useTranslations } from 'next-intl';
import { memo, useMemo } from 'react';
import { listControls } from '@/components/capacity/model/list-controls';
import { Button } from '@/components/ui/button';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { useCapacityFormat } from './capacity-format';
import { ComparedCurves } from './compared-curves';
import { keptMax } from './use-scenario-address';

/** Returns a scenario in which all requests stay on the servers, without instances that are kept ready. */
function cvmOnly(scenario: CapacityScenario): CapacityScenario {
  return {
    ...scenario,
    traffic: { ...scenario.traffic, functionShare: 0, changes: [] },
    functions: scenario.functions.map((fn) => ({ ...fn, provisioned: [] })),
  };
}

type ScenarioComparisonProps = {
  readonly scenario: CapacityScenario;
  readonly result: CapacityResult;
  readonly kept: readonly CapacityScenario[];
  readonly onKeep: () => void;
  readonly onRemove: (index: number) => void;
  readonly onShow: (scenario: CapacityScenario) => void;
};

/** The scenario beside those that were kept, and beside the servers alone: its figures, and with a kept one also its curves. */
export const ScenarioComparison = memo(function ScenarioComparison({
  scenario,
  result,
  kept,
  onKeep,
  onRemove,
  onShow,
}: ScenarioComparisonProps) {
  const t = useTranslations('capacity.compare');
  const servers = useMemo(() => cvmOnly(scenario), [scenario]);
  const alone = useMemo(() => simulateCapacity(servers), [servers]);
  const keptResults = useMemo(() => kept.map((each) => simulateCapacity(each)), [kept]);
  const others = [
    ...kept.flatMap((each, index) => {
      const own = keptResults[index];
      return own === undefined
        ? []
        : [{ name: t('kept', { number: index + 1 }), scenario: each, result: own }];
    }),
    { name: t('cvmOnly'), scenario: servers, result: alone },
  ];
  const isFull = kept.length >= keptMax;
  const columns = ['case', 'provisioned', 'refused', 'refusedShare', 'coldStarts', 'wait', 'cost'] as const;
  return (
    <>
      <Panel
        title={t('title')}
        flush
        aside={
          <>
            {isFull ? <span className="text-12 text-ink-2">{t('full')}</span> : null}
            <Button size="sm" disabled={isFull} onClick={onKeep}>
              {t('keep')}
            </Button>
          </>
        }
      >
        <Table aria-label={t('title')}>
          <Thead>
            <tr>
              {columns.map((column) => (
                <Th key={column} className={column === 'case' ? undefined : 'text-right'}>
                  {t(column)}
                </Th>
              ))}
            </tr>
          </Thead>
          <tbody>
            <CompareRow name={t('cvmOnly')} kind="cvm" result={alone} />
            {keptResults.map((each, index) => {
              const own = kept[index] ?? scenario;
              const number = index + 1;
              return (
                // Kept scenarios have no other identity than their place.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <CompareRow key={index} name={t('kept', { number })} kind="scf" result={each}>
                  <Changes from={own} to={scenario} />
                  <span className="flex gap-1.5 pt-1 max-md:justify-end">
                    <Button size="sm" aria-label={t('showKept', { number })} onClick={() => onShow(own)}>
                      {t('show')}
                    </Button>
                    <Button
                      size="sm"
                      aria-label={t('removeKept', { number })}
                      onClick={() => onRemove(index)}
                    >
                      {t('remove')}
                    </Button>
                  </span>
                </CompareRow>
              );
            })}
            <CompareRow name={t('current')} kind="scf" result={result} isCurrent />
          </tbody>
        </Table>
      </Panel>
      {kept.length === 0 ? null : (
        <ComparedCurves current={{ name: t('current'), scenario, result }} others={others} />
      )}
    </>
  );
});

type CompareRowProps = {
  readonly name: string;
  readonly kind: 'cvm' | 'scf';
  readonly result: CapacityResult;
  readonly isCurrent?: boolean;
  readonly children?: React.ReactNode;
};

function CompareRow({ name, kind, result, isCurrent = false, children }: CompareRowProps) {
  const t = useTranslations('capacity.compare');
  const format = useCapacityFormat(null);
  const { totals, cost, goals } = result;
  const bad = goals.refusedShare.isMet ? undefined : 'font-semibold text-bad-ink';
  const number = 'text-right tabular-nums';
  return (
    <Tr aria-selected={isCurrent || undefined} className={isCurrent ? 'bg-accent-soft' : undefined}>
      <Td label={t('case')} className="max-md:text-left">
        <span className="flex items-center gap-2 font-semibold">
          <KindMark kind={kind} />
          {name}
        </span>
        {children}
      </Td>
      <Td label={t('provisioned')} className={number}>
        {totals.peakProvisioned > 0 ? format.count(totals.peakProvisioned) : t('none')}
      </Td>
      <Td label={t('refused')} className={classes(number, bad)}>
        {format.count(totals.refused)}
      </Td>
      <Td label={t('refusedShare')} className={classes(number, bad)}>
        {format.percent(totals.refusedShare)} %
      </Td>
      <Td label={t('coldStarts')} className={number}>
        {format.percent(totals.coldStartShare)} %
      </Td>
      <Td
        label={t('wait')}
        className={classes(number, !goals.waitP95Ms.isMet && 'font-semibold text-bad-ink')}
      >
        {format.wait(totals.peakWaitP95S)}
      </Td>
      <Td label={t('cost')} className={number}>
        {format.money(cost.total)} {cost.currency}
      </Td>
    </Tr>
  );
}

/** The most inputs that are listed. */
const changesMost = 3;

/** The inputs in which a kept scenario differs from the one that is shown. */
function Changes({ from, to }: { readonly from: CapacityScenario; readonly to: CapacityScenario }) {
  const t = useTranslations('capacity.compare');
  const label = useTranslations('capacity.inputs.label');
  const format = useCapacityFormat(null);
  const now = new Map(listControls(to).map((control) => [control.id, control.value]));
  const changed = listControls(from).flatMap(({ id, value }) => {
    const next = now.get(id);
    return next === undefined || Math.abs(next - value) < 1e-6 ? [] : [{ id, value, next }];
  });
  const isSame = JSON.stringify(from) === JSON.stringify(to);
  const list = changed
    .slice(0, changesMost)
    .map(({ id, value, next }) =>
      t('change', { label: label(id), from: format.number(value), to: format.number(next) }),
    )
    .join(', ');
  return (
    <span className="block text-ink-2">
      {isSame
        ? t('same')
        : changed.length === 0
          ? t('other')
          : t('changes', { list, more: Math.max(0, changed.length - changesMost) })}
    </span>
  );
}
