'use client';

import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { TextLink } from '@/components/ui/text-link';
import type { OverviewView } from '@/lib/client/overview-views';
import { routes } from '@/lib/routes';
import { Part } from './part';

const rows = onDemand(() => import('./upcoming-rows'));

/** The next cutovers, each with the time to its T0. */
export function UpcomingPanel({ upcoming }: Pick<OverviewView, 'upcoming'>) {
  const t = useTranslations('overview.upcoming');
  return (
    <Part title={t('title')} part={upcoming}>
      {({ cutovers, total }) =>
        cutovers.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <>
            <LatePart part={rows} isAwaited>
              {({ UpcomingRows }) => <UpcomingRows cutovers={cutovers} />}
            </LatePart>
            {total > cutovers.length ? (
              <p className="border-t border-line px-4 py-2 text-12 text-ink-2">
                {t.rich('more', {
                  count: total - cutovers.length,
                  link: (words) => <TextLink href={routes.schedule()}>{words}</TextLink>,
                })}
              </p>
            ) : null}
          </>
        )
      }
    </Part>
  );
}
