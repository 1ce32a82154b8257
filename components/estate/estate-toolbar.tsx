'use client';

import {
  ChevronsDownUp,
  ChevronsUpDown,
  Focus,
  HeartPulse,
  List,
  MapPin,
  Split,
  Waypoints,
  X,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { MomentPicker } from '@/components/history/moment-picker';
import { Button, ButtonLink } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import { useMay } from '@/lib/client/session/rights';
import { openAll, type TopologyMap } from '@/lib/estate/topology/map-model';
import { routeStates } from '@/lib/estate/topology/route-filter';
import type { EstateViewState } from './view-state';

type EstateToolbarProps = {
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
  readonly regions: readonly string[];
  /** null = the map is not shown or not loaded. */
  readonly map: TopologyMap | null;
  readonly newDiversionHref: string;
};

/** Selects the view and its filters. Small screens show only the list, with the same search. */
export function EstateToolbar({ state, onChange, regions, map, newDiversionHref }: EstateToolbarProps) {
  const t = useTranslations('estate');
  const history = useTranslations('history');
  const mayOperate = useMay('operate');
  return (
    <>
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
          onChange={(search) => onChange({ search, page: 0 })}
        />
        <FilterSelect
          label={t('region')}
          any={t('allRegions', { count: regions.length })}
          icon={<MapPin aria-hidden />}
          values={regions}
          value={state.region}
          onChange={(region) => onChange({ region, page: 0 })}
          className="w-40!"
        />
        <FilterSelect
          label={t('state.label')}
          any={t('state.any')}
          icon={<HeartPulse aria-hidden />}
          values={routeStates}
          nameOf={(value) => t(`state.${value}`)}
          value={state.state}
          onChange={(value) => onChange({ state: value, page: 0 })}
          className="w-34!"
        />
        {map === null ? null : <OpenButtons state={state} map={map} onChange={onChange} />}
        <MomentPicker
          name={history('past.asOf')}
          value={state.at}
          none={history('now')}
          zone={state.zone}
          marked
          onChange={(at, zone) => onChange({ at, zone })}
        />
        {state.at === null && mayOperate ? (
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
      {state.focus.length === 0 ? null : (
        <p className="flex flex-wrap items-center gap-2 border-t border-line bg-accent-soft px-3 py-1.5 text-12 md:px-4">
          <Focus aria-hidden className="size-3.5 text-ink-2" />
          {t('focus.on')}{' '}
          <span className="mono min-w-0 truncate">
            {state.focus.map((id) => id.slice(id.indexOf(':') + 1)).join(' › ')}
          </span>
          <Button size="sm" icon={<X aria-hidden />} onClick={() => onChange({ focus: [], page: 0 })}>
            {t('focus.clear')}
          </Button>
        </p>
      )}
    </>
  );
}

type OpenButtonsProps = {
  readonly state: EstateViewState;
  readonly map: TopologyMap;
  readonly onChange: (part: Partial<EstateViewState>) => void;
};

/** Expands all nodes if they fit, and collapses expanded ones. */
function OpenButtons({ state, map, onChange }: OpenButtonsProps) {
  const t = useTranslations('estate');
  return (
    <>
      {map.fitsWhole && !map.isWhole ? (
        <Button icon={<ChevronsUpDown aria-hidden />} onClick={() => onChange({ open: [openAll] })}>
          {t('openAll')}
        </Button>
      ) : null}
      {state.open.length > 0 ? (
        <Button icon={<ChevronsDownUp aria-hidden />} onClick={() => onChange({ open: [] })}>
          {t('closeAll')}
        </Button>
      ) : null}
    </>
  );
}
