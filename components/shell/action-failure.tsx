import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { FailureCallout } from '@/components/ui/banner';
import type { ActionState } from './use-action';

type ActionFailureProps = {
  readonly action: Pick<ActionState, 'refusal' | 'isUnknown'>;
  /** Where to look whether it was done; unless told, to load the page again. */
  readonly unknownNote?: ReactNode;
};

/** What the server said no to, or that it did not answer; nothing where all is well. */
export function ActionFailure({ action, unknownNote }: ActionFailureProps) {
  const t = useTranslations('ui');
  if (action.refusal === null && !action.isUnknown) return null;
  return (
    <FailureCallout title={action.isUnknown ? t('noAnswer') : t('refused')}>
      {action.isUnknown ? (unknownNote ?? t('noAnswerNote')) : action.refusal}
    </FailureCallout>
  );
}
