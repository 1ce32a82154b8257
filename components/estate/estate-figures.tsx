'use client';

import { Diff, Globe, Network, RefreshCw, Route, SquareFunction } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useRailCounts } from '@/components/shell/rail-counts';
import { Figures, FigureTile } from '@/components/ui/figures';
import { formatDuration } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { SyncView } from '@/lib/contract/connection';
import type { EstateSummary } from '@/lib/estate/topology/summarize-estate';
import { routes } from '@/lib/routes';

/** Counts from the latest snapshot; parts that were not read are left out. */
export function EstateFigures({ estate, sync }: { readonly estate: EstateSummary; readonly sync: SyncView }) {
  const t = useTranslations('estate.figure');
  const format = useFormatter();
  const { counts } = estate;
  return (
    <Figures label={t('label')}>
      <FigureTile
        icon={<Network aria-hidden />}
        name={t('loadBalancers')}
        value={format.number(counts.loadBalancers)}
        detail={t('regions', { count: estate.regions.length })}
      />
      <FigureTile
        icon={<Route aria-hidden />}
        name={t('rules')}
        value={format.number(counts.rules)}
        detail={t('listeners', { count: counts.listeners })}
      />
      <FigureTile
        icon={<SquareFunction aria-hidden />}
        name={t('functionsBound')}
        value={format.number(counts.functionsBound)}
        unit={t('of', { count: counts.functions })}
        detail={t('functions')}
      />
      <FigureTile
        icon={<Globe aria-hidden />}
        name={t('records')}
        value={format.number(counts.records)}
        detail={t('recordsDetail', { zones: counts.zones, off: counts.recordsOff })}
      />
      <DriftFigure connectionId={estate.connectionId} />
      <FigureTile
        icon={<RefreshCw aria-hidden />}
        name={t('lastSync')}
        value={sync.state === 'done' ? format.number(sync.calls) : '–'}
        unit={sync.state === 'done' ? t('calls', { duration: formatDuration(sync.durationMs) }) : ''}
        detail={<AsOf at={estate.takenAt} />}
      />
    </Figures>
  );
}

/** The number of objects of a connection that differ from the baseline of the last applied plan, linked to the list. */
function DriftFigure({ connectionId }: { readonly connectionId: string }) {
  const t = useTranslations('estate.drift');
  const count = useRailCounts()?.drifted[connectionId];
  return (
    <FigureTile
      icon={<Diff aria-hidden />}
      name={t('name')}
      value={
        count === undefined ? '–' : <span className={count > 0 ? 'text-warn-ink' : undefined}>{count}</span>
      }
      unit={count === undefined ? '' : t('unit', { count })}
      detail={<TextLink href={routes.drift(connectionId)}>{t('review')}</TextLink>}
    />
  );
}
