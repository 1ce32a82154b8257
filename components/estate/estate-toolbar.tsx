'use client';

import { List, MapPin, Split, Waypoints } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { MomentPicker } from '@/components/history/moment-picker';
import { ButtonLink } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import type { EstateViewState } from './view-state';

type EstateToolbarProps = {
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
  readonly regions: readonly string[];
  readonly newDiversionHref: string;
};

/** Selects the view and its filters. Small screens show only the list, with the same search. */
export function EstateToolbar({ state, onChange, regions, newDiversionHref }: EstateToolbarProps) {
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
