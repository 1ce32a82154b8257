'use client';

import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { buildRoutes } from '@/components/topology/build';
import { filterRoutes } from '@/components/topology/filter';
import { groupRoutes } from '@/components/topology/group';
import type { NodeId } from '@/components/topology/route';
import { TopologyView } from '@/components/topology/topology-view';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/empty-state';
import { useNarrow } from '@/components/ui/use-narrow';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { ConnectionView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { DetailPanel } from './detail-panel';
import { EstateFoot } from './estate-foot';
import { EstateToolbar } from './estate-toolbar';
import { RouteTable } from './route-table';
import type { EstateViewState } from './view-state';

type EstateBodyProps = {
  readonly estate: Estate;
  readonly connection: ConnectionView;
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** The estate as graph or list, filtered, with the selected node beside it. */
export function EstateBody({ estate, connection, state, onChange }: EstateBodyProps) {
  const t = useTranslations('estate');
  const narrow = useNarrow();
  const all = useMemo(() => buildRoutes(estate), [estate]);
  const { search, region } = state;
  const shown = useMemo(() => filterRoutes(all, { search, region }), [all, search, region]);
  const node = useMemo(() => groupRoutes(all).nodes.find((n) => n.id === state.node), [all, state.node]);
  const onSelect = useCallback((id: NodeId | null) => onChange({ node: id }), [onChange]);
  const closeKey = () => onSelect(null);
  useShortcuts({ Escape: closeKey });
  const view = narrow ? 'list' : state.view;
  const panel = useRef<HTMLDivElement>(null);
  // On a small screen the panel is below the list, out of view.
  useEffect(() => {
    if (narrow && state.node !== null) panel.current?.scrollIntoView({ block: 'start' });
  }, [narrow, state.node]);

  return (
    <div
      className={classes(
        'grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] max-xl:content-start',
        node && 'xl:grid-cols-[minmax(0,1fr)_21.75rem]',
      )}
    >
      <section aria-label={t('routes')} className="flex min-w-0 flex-col xl:min-h-0">
        <EstateToolbar
          state={state}
          onChange={onChange}
          regions={estate.regions}
          newDiversionHref={routes.newDiversion(connection.id)}
        />
        <div
          className={classes(
            'min-h-0 border-t border-line xl:flex-1',
            view === 'graph' ? 'max-xl:h-170 max-md:hidden' : 'bg-surface md:overflow-auto',
          )}
        >
          {shown.length === 0 ? (
            <NothingShown
              search={search}
              hidden={all.length}
              onClear={() => onChange({ search: '', region: null })}
            />
          ) : view === 'graph' ? (
            <TopologyView routes={shown} selected={state.node} onSelect={onSelect} />
          ) : (
            <RouteTable routes={shown} selected={state.node} onSelect={onSelect} />
          )}
        </div>
        <EstateFoot view={view} routes={shown.length} estate={estate} isolation={connection.isolation} />
      </section>
      {node ? (
        <div ref={panel} className="grid min-h-0 min-w-0 max-md:scroll-mt-12">
          <DetailPanel node={node} estate={estate} connection={connection} onSelect={onSelect} />
        </div>
      ) : null}
    </div>
  );
}

type NothingShownProps = { readonly search: string; readonly hidden: number; readonly onClear: () => void };

function NothingShown({ search, hidden, onClear }: NothingShownProps) {
  const ui = useTranslations('ui');
  const t = useTranslations('estate');
  if (hidden === 0) return <EmptyState icon={<SearchX aria-hidden />} title={t('nothingThere')} />;
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={search ? t('nothingMatches', { search }) : t('nothingInRegion')}
      actions={<Button onClick={onClear}>{ui('clearFilter')}</Button>}
    >
      {t('hiddenByFilter', { count: hidden })}
    </EmptyState>
  );
}
