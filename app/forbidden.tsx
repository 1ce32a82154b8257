import { LockKeyhole } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { routes } from '@/lib/routes';

/** Shown in place of a page that the roles of the person don't cover. */
export default function Forbidden() {
  const t = useTranslations('shell');
  return (
    <main className="p-4">
      <EmptyState
        heading="h1"
        icon={<LockKeyhole aria-hidden />}
        title={t('forbidden.title')}
        actions={
          <ButtonLink variant="primary" href={routes.overview()}>
            {t('toOverview')}
          </ButtonLink>
        }
      >
        {t('forbidden.text')}
      </EmptyState>
    </main>
  );
}
