import { useTranslations } from 'next-intl';
import { useCheckName } from '@/components/steps/use-check-name';
import { AddMessages } from '@/components/ui/base/add-messages';
import { useMessage } from '@/components/ui/use-message';
import blocked from '@/lib/messages/en/parts/switch-blocked.json';
import check from '@/lib/messages/en/preflight-check.json';
import type { FailoverDecision } from '@/lib/run/model/failover';

const texts = { preflight: check, switch: blocked };

type BlockedDecisionProps = {
  readonly decision: Extract<FailoverDecision, { kind: 'blocked' }>;
  /** The name of the side that fails. */
  readonly side: string;
};

/** Explains why the worker can't fail over, although it should. */
export function BlockedDecision(props: BlockedDecisionProps) {
  return (
    <AddMessages texts={texts}>
      <Text {...props} />
    </AddMessages>
  );
}

function Text({ decision, side }: BlockedDecisionProps) {
  const t = useTranslations('switch.decision');
  const nameCheck = useCheckName();
  const message = useMessage('switch.blocked', 'ui.refusal');
  return t('blocked', { side, why: message(decision.why, nameCheck(decision.values)) });
}
