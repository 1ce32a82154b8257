'use client';

import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { OverviewView } from '@/lib/client/overview-views';
import { Part } from './part';

const rows = onDemand(() => import('./health-rows'));

/** The health of bindings by account, and the probe results of Switches. */
export function HealthPanel({ health }: Pick<OverviewView, 'health'>) {
  const t = useTranslations('overview.health');
  return (
    <Part title={t('title')} part={health}>
      {(value) =>
        value.connections.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <LatePart part={rows} isAwaited>
            {({ HealthRows }) => <HealthRows {...value} />}
          </LatePart>
        )
      }
    </Part>
  );
}
