'use client';

import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { OverviewView } from '@/lib/client/overview-views';
import { Part } from './part';

const part = onDemand(() => import('./traffic-rows'));

/**
 * The traffic of diverted names by side, with errors and the use of functions. Missing figures are marked as not
 * measured.
 */
export function TrafficPanel({ traffic }: Pick<OverviewView, 'traffic'>) {
  const t = useTranslations('overview.traffic');
  return (
    <Part title={t('title')} part={traffic}>
      {(rows) =>
        rows.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <LatePart part={part} isAwaited>
            {({ TrafficRows }) => <TrafficRows rows={rows} />}
          </LatePart>
        )
      }
    </Part>
  );
}
