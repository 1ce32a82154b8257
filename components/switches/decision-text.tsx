import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { SwitchView } from '@/lib/client/switch-views';
import { oppositeSide } from './control';
import { useBlockedWords } from './failover-words';

/** The worker's decision after the last round of a Switch with failover enabled, as text. */
export function DecisionText({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  const blockedWords = useBlockedWords();
  const { decision, policy, serving } = view;
  if (decision === null || serving === null) return null;
  const side = t(`side.${serving}`);
  const other = t(`side.${oppositeSide(serving)}`);
  switch (decision.kind) {
    case 'healthy':
      return t('decision.healthy', { side });
    case 'unsure': {
      const { failing } = decision;
      const { quorum, vantages } = policy;
      return t('decision.unsure', { side, failing, quorum, vantages: vantages.length });
    }
    case 'holdDown':
      return t.rich('decision.holdDown', { side, time: () => <Time at={decision.until} /> });
    case 'receiverFails':
      return t('decision.receiverFails', { side, other });
    case 'noRoom': {
      const { value, measure } = decision;
      return t('decision.noRoom', {
        side,
        other,
        measure: t(`measure.${measure}`),
        value: value === null ? t('decision.unread') : t('decision.value', { value }),
      });
    }
    case 'blocked':
      return t('decision.blocked', { side, why: blockedWords(decision.why, decision.values) });
    case 'failOver':
      return t('decision.failOver', { side });
  }
}
