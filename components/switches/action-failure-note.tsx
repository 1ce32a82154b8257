import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/banner';
import type { ActionFailure } from './use-switch-action';

type ActionFailureNoteProps = {
  readonly failure: ActionFailure | null;
  /** Where to look whether it was done; unless told, to load the page again. */
  readonly unknownNote?: ReactNode;
};

/** What the server said no to, or that it did not answer; nothing where all is well. */
export function ActionFailureNote({ failure, unknownNote }: ActionFailureNoteProps) {
  const t = useTranslations('ui');
  if (failure === null) return null;
  const isRefused = failure.kind === 'refused';
  return (
    <div role="alert">
      <Callout tone="bad" title={isRefused ? t('refused') : t('noAnswer')}>
        {isRefused ? failure.text : (unknownNote ?? t('noAnswerNote'))}
      </Callout>
    </div>
  );
}
