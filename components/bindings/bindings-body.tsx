'use client';

import { Download, MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { ButtonLink } from '@/components/ui/button';
import { ListFrame } from '@/components/ui/tables/list-frame';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import type { BindingsView } from '@/lib/client/views';
import { type BindingQuery, writeBindingQuery } from '@/lib/estate/bindings/binding-query';
import { bindingHealths, bindingKinds } from '@/lib/estate/bindings/bindings';
import { routes } from '@/lib/routes';
import { BindingsTable } from './bindings-table';

type BindingsBodyProps = {
  readonly view: BindingsView;
  readonly connectionId: string;
  readonly query: BindingQuery;
  /** The query that the server is asked: it changes once typing has paused. */
  readonly asked: BindingQuery;
  readonly onChange: (part: Partial<BindingQuery>) => void;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

const everything = { search: '', region: null, kind: null, health: null } as const;

/** The bindings that a filter finds, in its order. */
export function BindingsBody({ view, connectionId, query, asked, onChange, isStale }: BindingsBodyProps) {
  const t = useTranslations('bindings');
  const { found, total } = view;
  return (
    <>
      <ReadOnlyNote />
      <ListFrame
        toolbar={
          <BindingsToolbar
            query={query}
            onChange={onChange}
            regions={view.regions}
            connectionId={connectionId}
            count={found}
          />
        }
        failed={isStale ? t('failed') : null}
        gaps={
          view.gaps.length === 0
            ? null
            : {
                title: t('gaps', { count: view.gaps.length }),
                href: routes.estate(connectionId),
                link: t('gapsLink'),
              }
        }
        table={
          found === 0 ? null : (
            <BindingsTable
              connectionId={connectionId}
              asked={asked}
              found={found}
              onSort={(sort, descending) => onChange({ sort, descending })}
            />
          )
        }
        nothing={{
          title: t(total === 0 ? 'nothingThere' : 'nothingMatches'),
          hidden: total === 0 ? null : t('hidden', { count: total }),
          onClear: total === 0 ? null : () => onChange(everything),
        }}
        count={t('count', { shown: found, total })}
        takenAt={view.takenAt}
      />
    </>
  );
}

type BindingsToolbarProps = {
  readonly query: BindingQuery;
  readonly onChange: (part: Partial<BindingQuery>) => void;
  readonly regions: readonly string[];
  readonly connectionId: string;
  /** The number of bindings shown. */
  readonly count: number;
};

/** Filters the bindings and exports them. */
function BindingsToolbar({ query, onChange, regions, connectionId, count }: BindingsToolbarProps) {
  const t = useTranslations('bindings');
  return (
    <Toolbar flush>
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={query.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterSelect
        label={t('region')}
        any={t('allRegions', { count: regions.length })}
        icon={<MapPin aria-hidden />}
        values={regions}
        value={query.region}
        onChange={(region) => onChange({ region })}
        className="w-40!"
      />
      <FilterSelect
        label={t('column.kind')}
        any={t('anyKind')}
        values={bindingKinds}
        nameOf={(kind) => t(`kind.${kind}`)}
        value={query.kind}
        onChange={(kind) => onChange({ kind })}
        className="w-40!"
      />
      <FilterSelect
        label={t('column.health')}
        any={t('anyHealth')}
        values={bindingHealths}
        nameOf={(health) => t(`health.${health}`)}
        value={query.health}
        onChange={(health) => onChange({ health })}
        className="w-36!"
      />
      <span className="ml-auto inline-flex items-center gap-2 max-md:hidden">
        <span className="text-12 text-ink-3 max-xl:hidden">{t('csvNote', { count })}</span>
        <ButtonLink
          href={routes.api.bindingsCsv(connectionId, writeBindingQuery(new URLSearchParams(), query))}
          prefetch={false}
          download
          icon={<Download aria-hidden />}
        >
          {t('csv')}
        </ButtonLink>
      </span>
    </Toolbar>
  );
}
