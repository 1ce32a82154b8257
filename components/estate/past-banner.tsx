'use client';

import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import type { PastEstateView } from '@/lib/client/views';
import { routes } from '@/lib/routes';

type PastBannerProps = {
  readonly at: string;
  readonly zone: string | null;
  readonly past: PastEstateView;
  readonly connectionId: string;
  readonly onBack: () => void;
};

/** Says that a past state is shown and which syncs it comes from, and links back to the present. */
export function PastBanner({ at, zone, past, connectionId, onBack }: PastBannerProps) {
  const t = useTranslations('history.past');
  const { firstAt, lastAt, nextAt } = past;
  const { gaps } = past.estate;
  const time = (instant: string) => <Time at={instant} zone={zone ?? undefined} />;
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
          ? t.rich('looked', { last: () => time(lastAt) })
          : t.rich('lookedSame', { first: () => time(firstAt), last: () => time(lastAt) })}{' '}
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
