import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import type { StoreFailure } from './use-diversion-form';

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
