import { useTranslations } from 'next-intl';
import { durationText } from '@/components/ui/duration-text';
import { FactRow, Facts } from '@/components/ui/facts';
import type { Policy } from '@/lib/policy/policy';

/** A read-only policy, for screens that are too small to change it. */
export function PolicyFacts({ policy }: { readonly policy: Policy }) {
  const t = useTranslations('settings.policy');
  const missed = useTranslations('plan.schedule.missed');
  const guard = useTranslations('plan.schedule.guard');
  const { approvals, zone, prewarmS, missedT0, guards } = policy;
  return (
    <Facts>
      <FactRow name={t('approvals')}>{t('needed', { count: approvals })}</FactRow>
      <FactRow name={t('zone')}>{zone ?? t('ownZone')}</FactRow>
      <FactRow name={t('prewarm')}>{prewarmS === null ? t('byForecast') : durationText(prewarmS)}</FactRow>
      <FactRow name={missed('title')}>{missed(`kind.${missedT0.kind}`)}</FactRow>
      {guards.map(({ measure, limit, forS, outcome }) => (
        <FactRow key={measure} name={guard('above', { measure: guard(`measure.${measure}`) })}>
          {t('guard', { limit, unit: guard(`unit.${measure}`), seconds: forS, outcome: guard(outcome) })}
        </FactRow>
      ))}
    </Facts>
  );
}
