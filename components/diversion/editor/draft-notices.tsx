import { useTranslations } from 'next-intl';
import type { PrefillNote } from '@/components/diversion/draft/prefill';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import type { Left } from './use-draft';

type DraftNoticesProps = {
  readonly account: string;
  readonly notes: readonly PrefillNote[];
  readonly left: Left;
  readonly onRestore: () => void;
  readonly onDiscard: () => void;
};

/** Shows the origin of a draft that is not new, and the parts of the address that are unavailable. */
export function DraftNotices({ account, notes, left, onRestore, onDiscard }: DraftNoticesProps) {
  const t = useTranslations('diversion');
  return (
    <>
      {notes.map(({ message, values }) => (
        <Banner key={message} tone="warn" title={t(`prefill.${message}.title`, { ...values, account })}>
          {t(`prefill.${message}.note`, { ...values, account })}
        </Banner>
      ))}
      {left === 'shown' ? (
        <Banner
          title={t('left.shown')}
          actions={
            <Button size="sm" onClick={onDiscard}>
              {t('left.discard')}
            </Button>
          }
        >
          {t('left.shownNote')}
        </Banner>
      ) : null}
      {left === 'waiting' ? (
        <Banner
          title={t('left.waiting')}
          actions={
            <Button size="sm" onClick={onRestore}>
              {t('left.restore')}
            </Button>
          }
        >
          {t('left.waitingNote')}
        </Banner>
      ) : null}
    </>
  );
}
