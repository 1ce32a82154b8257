import { CircleDollarSign, Clock, Flame, Layers, ShieldX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { durationText } from '@/components/ui/duration-text';
import { FigureTile } from '@/components/ui/figures';
import type { CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { useCapacityFormat } from './capacity-format';

type CapacityFiguresProps = { readonly scenario: CapacityScenario; readonly result: CapacityResult };

/** Returns the headline figures as one sentence, for screen readers. */
export function useSummary({ totals, cost }: CapacityResult): string {
  const t = useTranslations('capacity.figures');
  const format = useCapacityFormat(null);
  return t('summary', {
    refused: format.percent(totals.refusedShare),
    cold: format.percent(totals.coldStartShare),
    wait: format.wait(totals.peakWaitP95S),
    cost: format.money(cost.total),
    currency: cost.currency,
  });
}

/** The headline figures of a simulation. */
export const CapacityFigures = memo(function CapacityFigures({ scenario, result }: CapacityFiguresProps) {
  const t = useTranslations('capacity.figures');
  const format = useCapacityFormat(scenario.startsAt);
  const { totals, goals, cost } = result;
  const above = Math.max(0, totals.peakConcurrency - totals.peakProvisioned);
  const asOf =
    cost.lines
      .map(({ price }) => price.asOf)
      .toSorted()
      .at(-1) ?? '';
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      {/* Beside the inputs there is room for three in a row. */}
      <section
        aria-label={t('title')}
        className="grid grid-cols-2 gap-px bg-line lg:grid-cols-3 xl:grid-cols-5 [&>*]:bg-surface max-xl:[&>*:last-child]:col-span-2"
      >
        <FigureTile
          icon={<ShieldX aria-hidden />}
          name={t('refused')}
          value={<Judged isMet={goals.refusedShare.isMet}>{format.percent(totals.refusedShare)}</Judged>}
          unit="%"
          detail={t.rich('refusedDetail', {
            refused: format.count(totals.refused),
            all: format.count(totals.arrivals),
            goal: format.percent(goals.refusedShare.goal),
            minute: () => (
              <Judged isMet={goals.minuteRefusedShare.isMet}>
                {`${format.percent(goals.minuteRefusedShare.value)} %`}
              </Judged>
            ),
            minuteGoal: format.percent(goals.minuteRefusedShare.goal),
          })}
        />
        <FigureTile
          icon={<Flame aria-hidden />}
          name={t('coldStarts')}
          value={format.percent(totals.coldStartShare)}
          unit="%"
          detail={t('coldStartsDetail', {
            count: format.count(totals.coldStarts),
            ms: scenario.assumptions['function.coldStartMs'],
          })}
        />
        <FigureTile
          icon={<Layers aria-hidden />}
          name={t('concurrency')}
          value={format.count(totals.peakConcurrency)}
          unit={t('concurrencyUnit')}
          detail={t('concurrencyDetail', {
            above: format.count(above),
            provisioned: format.count(totals.peakProvisioned),
          })}
        />
        <FigureTile
          icon={<Clock aria-hidden />}
          name={t('wait')}
          value={<Judged isMet={goals.waitP95Ms.isMet}>{format.wait(totals.peakWaitP95S)}</Judged>}
          detail={t('waitDetail', { goal: format.wait(goals.waitP95Ms.goal / 1000) })}
        />
        <FigureTile
          icon={<CircleDollarSign aria-hidden />}
          name={t('cost')}
          value={format.money(cost.total)}
          unit={cost.currency}
          detail={t('costDetail', {
            low: format.money(cost.low),
            high: format.money(cost.high),
            length: durationText(scenario.durationS),
            asOf,
          })}
        />
      </section>
    </div>
  );
});

/** A figure with a goal: red if it is missed. The status beside the title says so in words. */
function Judged({ isMet, children }: { readonly isMet: boolean; readonly children: string }) {
  return <span className={isMet ? undefined : 'text-bad-ink'}>{children}</span>;
}
