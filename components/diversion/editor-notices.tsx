import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import type { StoreFailure } from './use-diversion-form';

type EditorNoticesProps = {
  readonly failure: StoreFailure | null;
  /** Why the estate could not be read again behind a new function; null = all is well. */
  readonly syncProblem: string | null;
};

/** What did not work on this page, and what to do; the choices stay. */
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
            plans: (text) => <TextLink href={routes.plans()}>{text}</TextLink>,
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
