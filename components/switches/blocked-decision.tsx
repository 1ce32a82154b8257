import { useTranslations } from 'next-intl';
import { useCheckName } from '@/components/steps/use-check-name';
import { useMessage } from '@/components/ui/use-message';
import type { FailoverDecision } from '@/lib/run/model/failover';

type BlockedDecisionProps = {
  readonly decision: Extract<FailoverDecision, { kind: 'blocked' }>;
  /** The name of the side that fails. */
  readonly side: string;
};

/** Explains why the worker can't fail over, although it should. */
export function BlockedDecision({ decision, side }: BlockedDecisionProps) {
  const t = useTranslations('switch.decision');
  const nameCheck = useCheckName();
  const message = useMessage('switch.blocked', 'ui.refusal');
  return t('blocked', { side, why: message(decision.why, nameCheck(decision.values)) });
}
