'use client';

import { Diff, Globe, Network, RefreshCw, Route, SquareFunction } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRailCounts } from '@/components/shell/rail-counts';
import { boundFunctions } from '@/components/topology/bound-functions';
import { Figures, FigureTile } from '@/components/ui/figures';
import { formatDuration } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { SyncView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';

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

/** The number of objects of a connection that differ from the baseline of the last applied plan, linked to the list. */
function DriftFigure({ connectionId }: { readonly connectionId: string }) {
  const t = useTranslations('drift.figure');
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
