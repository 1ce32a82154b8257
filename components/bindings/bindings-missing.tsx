'use client';

import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { routes } from '@/lib/routes';

type BindingsMissingProps = {
  readonly connectionId: string;
  /** Whether the connection was ever read, as far as is known. */
  readonly isRead: boolean;
  readonly isError: boolean;
};

/** Instead of the bindings: while they are on their way, could not be loaded, or there are none yet. */
export function BindingsMissing({ connectionId, isRead, isError }: BindingsMissingProps) {
  const t = useTranslations('bindings');
  if (!isRead) {
    return (
      <EmptyState
        icon={<Plug aria-hidden />}
        title={t('neverRead.title')}
        actions={<ButtonLink href={routes.estate(connectionId)}>{t('neverRead.action')}</ButtonLink>}
      >
        {t('neverRead.text')}
      </EmptyState>
    );
  }
  if (isError) {
    return (
      <div role="alert">
        <EmptyState icon={<CloudOff aria-hidden />} title={t('failed')} />
      </div>
    );
  }
  return (
    <div className="grid gap-3 p-4" aria-busy>
      <p className="text-12 text-ink-2">{t('loading')}</p>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} className="h-6" />
      ))}
    </div>
  );
}
