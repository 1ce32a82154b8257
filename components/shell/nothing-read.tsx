import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { routes } from '@/lib/routes';

type NothingReadProps = {
  /** Whose page it is: its words say what there is none of. */
  readonly of: 'drift' | 'history';
  readonly connectionId: string;
  /** The account was never read. */
  readonly isNever: boolean;
  readonly isError: boolean;
};

/** What a page of a connection shows instead: the account was never read, it can't be asked, or is about to be. */
export function NothingRead({ of, connectionId, isNever, isError }: NothingReadProps) {
  const t = useTranslations(of);
  if (isNever) {
    return (
      <EmptyState
        icon={<Plug aria-hidden />}
        title={t('never.title')}
        actions={<ButtonLink href={routes.estate(connectionId)}>{t('never.action')}</ButtonLink>}
      >
        {t('never.text')}
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
    <div className="grid gap-3" aria-busy>
      <p className="text-12 text-ink-2">{t('loading')}</p>
      <Skeleton className="h-24" />
      <Skeleton className="h-24" />
    </div>
  );
}
