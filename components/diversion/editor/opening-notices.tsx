import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import type { PrefillNote } from '@/lib/draft/prefill';
import type { EditorInput } from './use-editor';

type OpeningNoticesProps = Pick<EditorInput, 'editing'> & {
  readonly account: string;
  readonly notes: readonly PrefillNote[];
};

/**
 * Shows the parts of the address that are unavailable, and the effect of a review on the edited diversion. Only the
 * server renders it: it never changes.
 */
export function OpeningNotices({ account, notes, editing }: OpeningNoticesProps) {
  const t = useTranslations('diversion');
  return (
    <>
      {notes.map(({ message, values }) => (
        <Banner
          key={message}
          tone={message === 'advice' ? 'neutral' : 'warn'}
          title={t(`prefill.${message}.title`, { ...values, account })}
        >
          {t(`prefill.${message}.note`, { ...values, account })}
        </Banner>
      ))}
      {editing === null || editing.nextRevision === 1 ? null : (
        <Banner title={t('editing.title', { id: editing.id })}>
          {t('editing.note', { id: editing.id, number: editing.nextRevision })}
        </Banner>
      )}
    </>
  );
}
