import { useTranslations } from 'next-intl';
import type { PrefillNote } from '@/components/diversion/draft/prefill';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import type { StoreFailure } from './use-diversion-form';
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

type EditorNoticesProps = {
  readonly failure: StoreFailure | null;
  /** The reason why the estate could not be synced after a new function was deployed; null = no problem. */
  readonly syncProblem: string | null;
};

/** Failures on this page and what to do about them; the choices are kept. */
export function EditorNotices({ failure, syncProblem }: EditorNoticesProps) {
  const t = useTranslations('diversion');
  return (
    <>
      {failure === null ? null : failure.kind === 'refused' ? (
        <Banner tone="bad" title={t('actionFailed')}>
          {failure.text}
        </Banner>
      ) : (
        <Banner tone="bad" title={t('actionUnknown')}>
          {t.rich('actionUnknownNote', {
            diversions: (text) => <TextLink href={routes.diversions()}>{text}</TextLink>,
          })}
        </Banner>
      )}
      {syncProblem === null ? null : (
        <Banner tone="warn" title={t('syncFailed')}>
          {syncProblem} {t('syncFailedStill')}
        </Banner>
      )}
    </>
  );
}
