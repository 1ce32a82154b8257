'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { memo, useCallback, useEffect, useMemo, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { EmptyState, NothingMatches } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { useDebounced } from '@/components/ui/use-debounced';
import { useNarrow } from '@/components/ui/use-narrow';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { type EstateVersion, mapQuery, nodeQuery, routesQuery } from '@/lib/client/estate-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import { type MapNode, openAll, type TopologyMap } from '@/lib/estate/topology/map-model';
import { writeMapParams } from '@/lib/estate/topology/map-params';
import type { EstateSummary } from '@/lib/estate/topology/summarize-estate';
import { routes } from '@/lib/routes';
import { DetailPanel } from './detail-panel';
import { EstateFoot } from './estate-foot';
import { EstateToolbar } from './estate-toolbar';
import { RouteTable } from './route-table';
import type { EstateViewState } from './view-state';

const loading = <Skeleton className="size-full min-h-40" />;
/** The map library is large and renders only in a browser. */
const TopologyView = dynamic(
  () => import('@/components/topology/topology-view').then((module) => module.TopologyView),
  {
    ssr: false,
    loading: () => loading,
  },
);
/** The debounce of a search. */
const searchMs = 200;

/** The parts of a view that hide routes. */
const noFilter = { search: '', region: null, state: null, focus: [], page: 0 } as const;

type EstateBodyProps = {
  readonly estate: EstateSummary;
  readonly version: EstateVersion;
  readonly connection: ConnectionView;
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** The estate as map or list, filtered, with the selected node beside it. The server sends only the displayed part. */
export function EstateBody({ estate, version, connection, state, onChange }: EstateBodyProps) {
  const t = useTranslations('estate');
  const narrow = useNarrow();
  const view = narrow ? 'list' : state.view;
  const { search, region, state: condition, focus, open, page, sort, descending } = state;
  const asked = useDebounced(search, searchMs);
  const filter = useMemo(
    () => ({ search: asked, region, state: condition, focus }),
    [asked, region, condition, focus],
  );
  const mapParams = writeMapParams(new URLSearchParams(), { ...filter, open, page });
  const listParams = writeMapParams(new URLSearchParams(), { ...filter, sort, descending });
  const map = useQuery({ ...mapQuery(connection.id, version, mapParams), enabled: view === 'graph' });
  const list = useQuery({ ...routesQuery(connection.id, version, listParams, 0), enabled: view === 'list' });
  const detail = useQuery({
    ...nodeQuery(connection.id, version, state.node ?? ''),
    enabled: state.node !== null,
  });
  const node = state.node !== null && detail.data?.node.id === state.node ? detail.data : null;
  const onSelect = useCallback((id: string | null) => onChange({ node: id }), [onChange]);
  const onFocus = useCallback(
    (ids: readonly string[]) => onChange({ focus: ids, view: 'graph', page: 0 }),
    [onChange],
  );
  const closeKey = () => onSelect(null);
  useShortcuts({ Escape: closeKey });
  const panel = useRef<HTMLDivElement>(null);
  const hasNode = node !== null;
  // On a small screen the panel is below the list, out of view.
  useEffect(() => {
    if (narrow && hasNode) panel.current?.scrollIntoView({ block: 'start' });
  }, [narrow, hasNode]);
  const counts = view === 'graph' ? map.data : list.data;
  const failed = (view === 'graph' ? map : list).isError;

  function content() {
    if (failed && !counts)
      return (
        <EmptyState
          icon={<CloudOff aria-hidden />}
          title={t('mapFailed')}
          actions={
            <Button onClick={() => void (view === 'graph' ? map : list).refetch()}>{t('mapRetry')}</Button>
          }
        />
      );
    if (!counts) return loading;
    if (counts.found === 0) return <Nothing total={counts.total} state={state} onChange={onChange} />;
    if (view === 'graph' && map.data)
      return (
        <MapView
          map={map.data}
          path={node?.path ?? noPath}
          open={open}
          selected={state.node}
          onChange={onChange}
          onFocus={onFocus}
        />
      );
    return (
      <RouteTable
        connectionId={connection.id}
        version={version}
        params={listParams}
        order={{ sort, descending }}
        found={counts.found}
        selected={state.node}
        onSelect={onSelect}
        onSort={onChange}
        onFocus={onFocus}
      />
    );
  }

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
          map={view === 'graph' ? (map.data ?? null) : null}
          newDiversionHref={routes.newDiversion(connection.id)}
        />
        <div
          className={classes(
            'min-h-0 border-t border-line xl:flex-1',
            view === 'graph' ? 'h-170 max-md:hidden xl:h-auto' : 'bg-surface',
          )}
          aria-busy={view === 'graph' ? map.isPlaceholderData : list.isPlaceholderData}
        >
          {content()}
        </div>
        <EstateFoot
          view={view}
          found={counts?.found ?? null}
          map={view === 'graph' ? (map.data ?? null) : null}
          estate={estate}
          isolation={connection.isolation}
          onPage={(next) => onChange({ page: next })}
        />
      </section>
      {node ? (
        <div
          ref={panel}
          className={classes(
            'grid min-h-0 min-w-0 max-md:scroll-mt-12',
            view === 'list' && 'xl:sticky xl:top-12 xl:h-[calc(100vh-3rem)]',
          )}
        >
          <DetailPanel
            detail={node}
            connection={connection}
            onSelect={onSelect}
            onFocus={focus.length === 1 && focus[0] === node.node.id ? null : () => onFocus([node.node.id])}
          />
        </div>
      ) : null}
    </div>
  );
}

type NothingProps = {
  readonly total: number;
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** Says why the view is empty, with a button that clears the filters. */
function Nothing({ total, state, onChange }: NothingProps) {
  const t = useTranslations('estate');
  const { search, focus } = state;
  const title = () => {
    if (total === 0) return t('nothingThere');
    if (search) return t('nothingMatches', { search });
    return t(focus.length > 0 ? 'focus.missing' : state.state ? 'nothingInState' : 'nothingInRegion');
  };
  return (
    <NothingMatches title={title()} onClear={total === 0 ? null : () => onChange(noFilter)}>
      {total === 0 ? null : focus.length > 0 ? t('focus.missingNote') : t('hiddenByFilter', { count: total })}
    </NothingMatches>
  );
}

/** The path of no node. */
const noPath: readonly string[] = [];

type MapViewProps = {
  readonly map: TopologyMap;
  readonly path: readonly string[];
  readonly open: EstateViewState['open'];
  readonly selected: string | null;
  readonly onChange: (part: Partial<EstateViewState>) => void;
  readonly onFocus: (ids: readonly string[]) => void;
};

/** The map renders again only when it changes: not for each letter of a search. */
const MapView = memo(({ map, path, open, selected, onChange, onFocus }: MapViewProps) => {
  const onSelect = useCallback((id: string) => onChange({ node: id }), [onChange]);
  const onOpen = useCallback(
    (id: string, isOpen: boolean) => {
      const rest = open.filter((each) => each !== id && each !== openAll);
      onChange({ open: isOpen ? [...rest, id] : rest });
    },
    [open, onChange],
  );
  const onReach = useCallback(
    ({ id, reach }: MapNode & { kind: 'more' }) => {
      if (reach.kind === 'open') onOpen(id, true);
      else if (reach.kind === 'focus') onFocus([reach.id]);
      else onChange({ view: 'list' });
    },
    [onOpen, onFocus, onChange],
  );
  const focusOn = useCallback((id: string) => onFocus([id]), [onFocus]);
  return (
    <TopologyView
      map={map}
      selected={selected}
      path={path}
      onSelect={onSelect}
      onOpen={onOpen}
      onReach={onReach}
      onFocus={focusOn}
    />
  );
});
