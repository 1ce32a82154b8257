'use client';

import { List, MapPin, Search, Split, Waypoints } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { RefObject } from 'react';
import { MomentPicker } from '@/components/history/moment-picker';
import { ButtonLink } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { EstateViewState } from './view-state';

type EstateToolbarProps = {
  readonly state: EstateViewState;
  readonly onChange: (part: Partial<EstateViewState>) => void;
  readonly regions: readonly string[];
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly newDiversionHref: string;
};

const allRegions = 'all';

/** Selects the view and its filters. Small screens show only the list, with the same search. */
export function EstateToolbar({ state, onChange, regions, searchRef, newDiversionHref }: EstateToolbarProps) {
  const t = useTranslations('estate');
  const history = useTranslations('history');
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-2 px-3 py-2 md:px-4">
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
      <Input
        ref={searchRef}
        type="search"
        aria-label={t('find')}
        aria-keyshortcuts="/"
        placeholder={t('findHint')}
        icon={<Search aria-hidden />}
        value={state.search}
        onChange={(event) => onChange({ search: event.target.value })}
        className="w-64 max-md:w-full"
      />
      <Select
        aria-label={t('region')}
        icon={<MapPin aria-hidden />}
        value={state.region ?? allRegions}
        onChange={(region) => onChange({ region: region === allRegions ? null : region })}
        options={[
          { value: allRegions, label: t('allRegions', { count: regions.length }) },
          ...regions.map((region) => ({ value: region, label: region })),
        ]}
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
    </div>
  );
}
