'use client';

import { List, MapPin, Split, Waypoints } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { MomentPicker } from '@/components/history/moment-picker';
import { IsolationNote } from '@/components/shell/isolation-note';
import { buildRoutes, filterRoutes } from '@/components/topology/build';
import { groupRoutes } from '@/components/topology/group';
import type { NodeId } from '@/components/topology/route';
import { TopologyView } from '@/components/topology/topology-view';
import { ButtonLink } from '@/components/ui/button';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { NothingMatches } from '@/components/ui/empty-state';
import { Segmented } from '@/components/ui/segmented';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import { useNarrow } from '@/components/ui/use-narrow';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { ConnectionView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { DetailPanel } from './detail-panel';
import { EstateAge } from './estate-age';
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
            <NothingMatches
              title={
                all.length === 0
                  ? t('nothingThere')
                  : search
                    ? t('nothingMatches', { search })
                    : t('nothingInRegion')
              }
              onClear={all.length === 0 ? null : () => onChange({ search: '', region: null })}
            >
              {all.length === 0 ? null : t('hiddenByFilter', { count: all.length })}
            </NothingMatches>
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

type EstateToolbarProps = {
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
  readonly regions: readonly string[];
  readonly newDiversionHref: string;
};

/** Selects the view and its filters. Small screens show only the list, with the same search. */
function EstateToolbar({ state, onChange, regions, newDiversionHref }: EstateToolbarProps) {
  const t = useTranslations('estate');
  const history = useTranslations('history');
  return (
    <Toolbar flush>
      <div className="max-md:hidden">
        <Segmented
          label={t('view')}
          value={state.view}
          onChange={(view) => onChange({ view })}
          options={[
            { value: 'graph', label: t('graph'), icon: <Waypoints aria-hidden /> },
            { value: 'list', label: t('list'), icon: <List aria-hidden /> },
          ]}
        />
      </div>
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={state.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterSelect
        label={t('region')}
        any={t('allRegions', { count: regions.length })}
        icon={<MapPin aria-hidden />}
        values={regions}
        value={state.region}
        onChange={(region) => onChange({ region })}
        className="w-40! max-md:w-36!"
      />
      <MomentPicker
        name={history('past.asOf')}
        value={state.at}
        none={history('now')}
        zone={state.zone}
        marked
        onChange={(at, zone) => onChange({ at, zone })}
      />
      {state.at === null ? (
        <ButtonLink
          variant="primary"
          href={newDiversionHref}
          icon={<Split aria-hidden />}
          className="ml-auto max-md:hidden"
        >
          {t('newDiversion')}
        </ButtonLink>
      ) : null}
    </Toolbar>
  );
}

type EstateFootProps = {
  readonly view: 'graph' | 'list';
  readonly routes: number;
  readonly estate: Pick<Estate, 'takenAt' | 'partsAt'>;
  readonly isolation: ConnectionView['isolation'];
};

/**
 * The footer of the view: the legend or the number of rows, always with the age of the data and what functions can
 * reach.
 */
export function EstateFoot({ view, routes, estate, isolation }: EstateFootProps) {
  const t = useTranslations('estate');
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3.5 gap-y-1 border-t border-line bg-surface px-3 py-1.75 text-12 text-ink-2 md:px-4">
      {view === 'graph' ? (
        <>
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
          <span>{t('legend.weight')}</span>
        </>
      ) : (
        <span>{t('routeCount', { count: routes })}</span>
      )}
      <span className="ml-auto">
        <EstateAge estate={estate} />
      </span>
      <IsolationNote isolation={isolation} />
    </div>
  );
}
