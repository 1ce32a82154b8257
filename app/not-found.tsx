import { FileX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { routes } from '@/lib/routes';

export default function NotFound() {
  const t = useTranslations('shell');
  return (
    <main className="p-4">
      <EmptyState
        heading="h1"
        icon={<FileX aria-hidden />}
        title={t('notFound.title')}
        actions={
          <ButtonLink variant="primary" href={routes.overview()}>
            {t('toOverview')}
          </ButtonLink>
        }
      >
        {t('notFound.text')}
      </EmptyState>
    </main>
  );
}
