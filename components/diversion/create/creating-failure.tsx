import { useTranslations } from 'next-intl';
import type { Creating } from './use-creating';

/** Says that what a dialog needs could not be read: nothing that was entered is lost. */
export function CreatingFailure({
  creating: { isFailed },
}: {
  readonly creating: Pick<Creating, 'isFailed'>;
}) {
  const t = useTranslations('diversion.creating');
  return (
    <p role="alert" className="text-12 text-bad-ink empty:hidden">
      {isFailed ? t('failed') : null}
    </p>
  );
}
