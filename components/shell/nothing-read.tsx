import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { routes } from '@/lib/routes';

/** The placeholder of each page until it is loaded: cards, or the lines of a table. */
const waiting = {
  drift: { box: 'grid gap-3', rows: [0, 1], row: 'h-24' },
  history: { box: 'grid gap-3', rows: [0, 1], row: 'h-24' },
  functions: { box: 'grid gap-3 p-4', rows: [0, 1, 2, 3, 4, 5], row: 'h-6' },
  bindings: { box: 'grid gap-3 p-4', rows: [0, 1, 2, 3, 4, 5], row: 'h-6' },
} as const;

type NothingReadProps = {
  /** The page, which determines the text about what is missing. */
  readonly of: keyof typeof waiting;
  readonly connectionId: string;
  /** True if the account was never synced. */
  readonly isNever: boolean;
  readonly isError: boolean;
};

/**
 * The content of a connection's page without data: the account was never synced, the request failed, or it is pending.
 */
export function NothingRead({ of, connectionId, isNever, isError }: NothingReadProps) {
  const t = useTranslations(of);
  const shell = useTranslations('shell');
  if (isNever) {
    return (
      <EmptyState
        icon={<Plug aria-hidden />}
        title={t('never.title')}
        actions={<ButtonLink href={routes.estate(connectionId)}>{shell('toEstate')}</ButtonLink>}
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
  const { box, rows, row } = waiting[of];
  return (
    <div className={box} aria-busy>
      <p className="text-12 text-ink-2">{t('loading')}</p>
      {rows.map((nth) => (
        <Skeleton key={nth} className={row} />
      ))}
    </div>
  );
}
