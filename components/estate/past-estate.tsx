'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { pastEstateQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { EstateBody } from './estate-body';
import { PastProvider } from './is-past';
import { PastBanner } from './past-banner';
import type { EstateViewState } from './view-state';

type PastEstateProps = {
  readonly connection: ConnectionView;
  /** The moment shown. */
  readonly at: string;
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** The estate as of a moment: marked as past, with no actions. */
export function PastEstate({ connection, at, state, onChange }: PastEstateProps) {
  const t = useTranslations('history.past');
  const { data: past, isError } = useQuery(pastEstateQuery(connection.id, at));
  const onBack = () => onChange({ at: null });
  if (past) {
    return (
      <PastProvider value>
        <PastBanner at={at} zone={state.zone} past={past} connectionId={connection.id} onBack={onBack} />
        <EstateBody estate={past.estate} connection={connection} state={state} onChange={onChange} />
      </PastProvider>
    );
  }
  if (past === undefined && !isError) {
    return (
      <div className="grid gap-3 p-4" aria-busy>
        <p className="text-12 text-ink-2">{t('loading')}</p>
        <Skeleton className="h-24" />
      </div>
    );
  }
  return (
    <div role={isError ? 'alert' : undefined}>
      <EmptyState
        icon={isError ? <CloudOff aria-hidden /> : <History aria-hidden />}
        title={t(isError ? 'failed' : 'none')}
        actions={
          <Button variant="primary" onClick={onBack}>
            {t('back')}
          </Button>
        }
      >
        {isError ? null : t('noneText')}
      </EmptyState>
    </div>
  );
}
