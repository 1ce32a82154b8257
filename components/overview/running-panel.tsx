'use client';

import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { OverviewView } from '@/lib/client/overview-views';
import { Part } from './part';

const rows = onDemand(() => import('./running-rows'));

/** The runs in progress: phase, share, and the next event. */
export function RunningPanel({ running }: Pick<OverviewView, 'running'>) {
  const t = useTranslations('overview.running');
  return (
    <Part title={t('title')} part={running}>
      {(runs) =>
        runs.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <LatePart part={rows} isAwaited>
            {({ RunningRows }) => <RunningRows runs={runs} />}
          </LatePart>
        )
      }
    </Part>
  );
}
