import { Coins } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Figure } from '@/components/ui/figures';
import type { Estate } from '@/lib/estate/model';
import { pricesAsOf } from '@/lib/estate/prices';
import type { Plan } from '@/lib/plan/model';
import { runningCost } from '@/lib/plan/running-cost';

type CostFigureProps = { readonly plan: Pick<Plan, 'steps'>; readonly estate: Estate | null };

/** What stands idle because of a plan, per hour by list prices; what requests cost comes on top. */
export function CostFigure({ plan, estate }: CostFigureProps) {
  const t = useTranslations('plan.review');
  const format = useFormatter();
  const { usdPerHour, instances, loadBalancers, unknown } = runningCost(plan, estate);
  const counted = unknown.length === 0;
  const usd = format.number(usdPerHour, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <Figure
      icon={<Coins aria-hidden />}
      name={t('cost')}
      value={counted ? usd : '—'}
      unit={t('costUnit')}
      detail={
        counted
          ? t('costDetail', { instances, loadBalancers, date: pricesAsOf })
          : t('costUnknown', { functions: unknown.join(', ') })
      }
    />
  );
}
