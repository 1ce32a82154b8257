'use client';

import { Globe, Network, RefreshCw, Route, SquareFunction } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DriftFigure } from '@/components/drift/drift-figure';
import { boundFunctions } from '@/components/topology/bound-functions';
import { Figures, FigureTile } from '@/components/ui/figures';
import { formatDuration } from '@/components/ui/format-time';
import { AsOf } from '@/components/ui/time';
import type { SyncView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';

/** Counts from the latest snapshot; parts that were not read are left out. */
export function EstateFigures({ estate, sync }: { readonly estate: Estate; readonly sync: SyncView }) {
  const t = useTranslations('estate.figure');
  const off = estate.records.filter((record) => !record.enabled).length;
  return (
    <Figures label={t('label')}>
      <FigureTile
        icon={<Network aria-hidden />}
        name={t('loadBalancers')}
        value={estate.loadBalancers.length}
        detail={t('regions', { count: estate.regions.length })}
      />
      <FigureTile
        icon={<Route aria-hidden />}
        name={t('rules')}
        value={estate.rules.length}
        detail={t('listeners', { count: estate.listeners.length })}
      />
      <FigureTile
        icon={<SquareFunction aria-hidden />}
        name={t('functionsBound')}
        value={boundFunctions(estate).length}
        unit={t('of', { count: estate.functions.length })}
        detail={t('functions')}
      />
      <FigureTile
        icon={<Globe aria-hidden />}
        name={t('records')}
        value={estate.records.length}
        detail={t('recordsDetail', { zones: estate.zones.length, off })}
      />
      <DriftFigure connectionId={estate.connectionId} />
      <FigureTile
        icon={<RefreshCw aria-hidden />}
        name={t('lastSync')}
        value={sync.state === 'done' ? sync.calls : '–'}
        unit={sync.state === 'done' ? t('calls', { duration: formatDuration(sync.durationMs) }) : ''}
        detail={<AsOf at={estate.takenAt} />}
      />
    </Figures>
  );
}
