import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/banner';
import type { ActionState } from './use-action';

/** What the server said no to, or that it did not answer; nothing where all is well. */
export function ActionFailure({ action }: { readonly action: ActionState }) {
  const t = useTranslations('ui');
  if (action.refusal === null && !action.isUnknown) return null;
  return (
    <div role="alert">
      {action.isUnknown ? (
        <Callout tone="bad" title={t('noAnswer')}>
          {t('noAnswerNote')}
        </Callout>
      ) : (
        <Callout tone="bad" title={t('refused')}>
          {action.refusal}
        </Callout>
      )}
    </div>
  );
}
