import { useTranslations } from 'next-intl';
import { useMessage } from '@/components/ui/use-message';
import type { SwitchView } from '@/lib/client/switch-views';
import { oppositeSide } from './control';

/** Formats a failover's policy in one or two sentences. */
export function usePolicyWords(): (view: SwitchView) => string {
  const t = useTranslations('switch');
  return ({ policy, serving }) => {
    const { holdDownS } = policy;
    const hold =
      holdDownS >= 60 && holdDownS % 60 === 0
        ? t('failover.holdMinutes', { minutes: holdDownS / 60 })
        : t('failover.holdSeconds', { seconds: holdDownS });
    const rule = t('failover.policy', {
      side: t(`side.${oppositeSide(serving ?? 'cvm')}`),
      quorum: policy.quorum,
      vantages: policy.vantages.length,
      failures: policy.failures,
      of: policy.of,
      every: policy.everyS,
      proof: policy.proof,
      hold,
    });
    if (policy.capacity.length === 0) return rule;
    const limits = policy.capacity.map(({ measure, limit }) =>
      t('failover.limit', { measure: t(`measure.${measure}`), limit }),
    );
    return `${rule} ${t('failover.limits', { limits: limits.join(', ') })}`;
  };
}

/** Formats the reason why a decision of the worker was blocked. */
export function useBlockedWords(): (
  why: string,
  values: Readonly<Record<string, string | number>>,
) => string {
  const checks = useTranslations('preflight.check');
  const message = useMessage('switch.blocked', 'ui.refusal');
  return (why, values) => {
    const { check } = values;
    const named =
      typeof check === 'string' && checks.has(check) ? { ...values, check: checks(check) } : values;
    return message(why, named);
  };
}
