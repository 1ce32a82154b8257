'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IsolationNote } from '@/components/shell/isolation-note';
import { IconButton } from '@/components/ui/button';
import { KindMark } from '@/components/ui/chip';
import type { ConnectionView } from '@/lib/contract/connection';
import type { Estate } from '@/lib/estate/model';
import { mapNodesMax, type TopologyMap } from '@/lib/estate/topology/map-model';
import { EstateAge } from './estate-age';

type EstateFootProps = {
  readonly view: 'graph' | 'list';
  /** The number of routes shown; null = not loaded yet. */
  readonly found: number | null;
  readonly map: TopologyMap | null;
  readonly estate: Pick<Estate, 'takenAt' | 'partsAt'>;
  readonly isolation: ConnectionView['isolation'];
  readonly onPage: (page: number) => void;
};

/**
 * The footer of the view: the legend or the number of rows, the age of the data, and which targets functions can reach.
 */
export function EstateFoot({ view, found, map, estate, isolation, onPage }: EstateFootProps) {
  const t = useTranslations('estate');
  return (
    <div
      data-bottom-bar={view === 'list' ? true : undefined}
      className={`flex min-h-10 flex-wrap items-center gap-x-3.5 gap-y-1 border-t border-line bg-surface px-3 py-1.75 text-12 text-ink-2 md:px-4 ${view === 'list' ? 'sticky bottom-0 max-md:bottom-15' : ''}`}
    >
      {view === 'graph' ? (
        <>
          {map === null ? null : <MapPages map={map} onPage={onPage} />}
          <span className="inline-flex items-center gap-1.5">
            <KindMark kind="cvm" />
            {t('backendKind.cvm')}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <KindMark kind="scf" />
            {t('backendKind.scf')}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <svg width="22" height="8" aria-hidden="true">
              <path d="M0 4H22" className="stroke-control stroke-[1.5]" />
            </svg>
            {t('legend.idle')}
          </span>
          <span className="max-lg:hidden">{t('legend.weight')}</span>
        </>
      ) : found === null ? null : (
        <span aria-live="polite">{t('routeCount', { count: found })}</span>
      )}
      <span className="ml-auto">
        <EstateAge estate={estate} />
      </span>
      <IsolationNote isolation={isolation} />
    </div>
  );
}

/** Pages through the load balancers of a large map, and reports when no more nodes can be expanded. */
function MapPages({ map, onPage }: { readonly map: TopologyMap; readonly onPage: (page: number) => void }) {
  const t = useTranslations('estate');
  const { from, to, found: count } = map.loadBalancers;
  return (
    <>
      {map.isFull ? (
        <strong className="font-medium text-ink">{t('full', { max: mapNodesMax })}</strong>
      ) : null}
      {map.pages === 1 ? null : (
        <nav aria-label={t('pages.label')} className="inline-flex items-center gap-1">
          <IconButton
            size="sm"
            label={t('pages.previous')}
            icon={<ChevronLeft aria-hidden />}
            disabled={map.page === 0}
            onClick={() => onPage(map.page - 1)}
          />
          <span aria-live="polite" className="tabular-nums">
            {t('pages.shown', { from, to, count })}
          </span>
          <IconButton
            size="sm"
            label={t('pages.next')}
            icon={<ChevronRight aria-hidden />}
            disabled={map.page === map.pages - 1}
            onClick={() => onPage(map.page + 1)}
          />
        </nav>
      )}
    </>
  );
}
