import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { FailureCallout } from '@/components/ui/banner';
import type { ActionState } from './use-action';

type ActionFailureProps = {
  readonly action: Pick<ActionState, 'refusal' | 'isUnknown'>;
  /** Explains where to check whether it was done; by default, to reload the page. */
  readonly unknownNote?: ReactNode;
};

/** The server's rejection, or that it did not respond; renders nothing if there is no problem. */
export function ActionFailure({ action, unknownNote }: ActionFailureProps) {
  const t = useTranslations('ui');
  if (action.refusal === null && !action.isUnknown) return null;
  return (
    <FailureCallout title={action.isUnknown ? t('noAnswer') : t('refused')}>
      {action.isUnknown ? (unknownNote ?? t('noAnswerNote')) : action.refusal}
    </FailureCallout>
  );
}
