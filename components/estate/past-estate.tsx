'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { pastEstateQuery } from '@/lib/client/estate-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import type { PastEstateView } from '@/lib/contract/estate';
import { routes } from '@/lib/routes';
import { EstateBody } from './estate-body';
import { PastProvider } from './is-past';
import type { EstateViewState } from './view-state';

type PastEstateProps = {
  readonly connection: ConnectionView;
  /** The displayed instant. */
  readonly at: string;
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** The estate at an instant: marked as past, without actions. */
export function PastEstate({ connection, at, state, onChange }: PastEstateProps) {
  const t = useTranslations('history.past');
  const { data: past, isError } = useQuery(pastEstateQuery(connection.id, at));
  const onBack = () => onChange({ at: null });
  if (past) {
    return (
      <PastProvider value>
        <PastBanner at={at} zone={state.zone} past={past} connectionId={connection.id} onBack={onBack} />
        <EstateBody
          estate={past.estate}
          version={{ version: past.lastAt, at }}
          connection={connection}
          state={state}
          onChange={onChange}
        />
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

type PastBannerProps = {
  readonly at: string;
  readonly zone: string | null;
  readonly past: PastEstateView;
  readonly connectionId: string;
  readonly onBack: () => void;
};

/** Shows that the state is past and the syncs it is from, with a link to the present. */
function PastBanner({ at, zone, past, connectionId, onBack }: PastBannerProps) {
  const t = useTranslations('history.past');
  const { firstAt, lastAt, nextAt } = past;
  const { gaps } = past.estate;
  const time = (instant: string) => <Time at={instant} pageZone={zone} />;
  return (
    <div className="grid gap-2 px-3 pt-3 md:px-4">
      <Banner
        tone="past"
        title={t.rich('title', { time: () => time(at) })}
        actions={
          <>
            <ButtonLink size="sm" href={routes.changesSince(connectionId, at)} prefetch={false}>
              {t('changes')}
            </ButtonLink>
            <Button size="sm" variant="primary" onClick={onBack}>
              {t('back')}
            </Button>
          </>
        }
      >
        {firstAt === lastAt
          ? t.rich('asFound', { last: () => time(lastAt) })
          : t.rich('unchangedBetween', { first: () => time(firstAt), last: () => time(lastAt) })}{' '}
        {nextAt === null ? t('still') : t.rich('next', { next: () => time(nextAt) })} {t('noActions')}
      </Banner>
      {gaps.length > 0 ? (
        <Banner tone="warn" title={t('gaps', { count: gaps.length })}>
          {t('gapsNote')} <span className="mono">{gaps.map(({ part }) => part).join(', ')}</span>
        </Banner>
      ) : null}
    </div>
  );
}
