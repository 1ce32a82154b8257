import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { routes } from '@/lib/routes';

/** Shown in place of a function that is not in the newest snapshot. */
export function FunctionGone({ connectionId }: { readonly connectionId: string }) {
  const t = useTranslations('functions.page');
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={t('gone')}
      heading="h1"
      actions={<ButtonLink href={routes.functions(connectionId)}>{t('toList')}</ButtonLink>}
    >
      {t('goneText')}
    </EmptyState>
  );
}
