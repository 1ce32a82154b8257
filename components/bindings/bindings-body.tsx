'use client';

import { Download, MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { NothingMatches } from '@/components/ui/empty-state';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
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
  /** The query that the server is asked: it follows as soon as nobody types. */
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
      <BindingsToolbar
        query={query}
        onChange={onChange}
        regions={view.regions}
        connectionId={connectionId}
        count={found}
      />
      {isStale || view.gaps.length > 0 ? (
        <div className="grid gap-2 px-3 pb-3 md:px-4">
          {isStale ? <Banner tone="bad" title={t('failed')} /> : null}
          {view.gaps.length > 0 ? (
            <Banner tone="warn" title={t('gaps', { count: view.gaps.length })}>
              <TextLink href={routes.estate(connectionId)}>{t('gapsLink')}</TextLink>
            </Banner>
          ) : null}
        </div>
      ) : null}
      <div className="flex-1 border-t border-line bg-surface">
        {found > 0 ? (
          <BindingsTable
            connectionId={connectionId}
            asked={asked}
            found={found}
            onSort={(sort, descending) => onChange({ sort, descending })}
          />
        ) : (
          <NothingMatches
            title={t(total === 0 ? 'nothingThere' : 'nothingMatches')}
            onClear={total === 0 ? null : () => onChange(everything)}
          >
            {total === 0 ? null : t('hidden', { count: total })}
          </NothingMatches>
        )}
      </div>
      <div className="sticky bottom-0 flex min-h-10 flex-wrap items-center gap-x-3.5 border-t border-line bg-surface px-3 py-1.75 text-12 text-ink-2 max-md:bottom-15 md:px-4">
        <span aria-live="polite">{t('count', { shown: found, total })}</span>
        <span className="ml-auto">
          <AsOf at={view.takenAt} />
        </span>
      </div>
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
        className="w-40! max-md:flex-1"
      />
      <FilterSelect
        label={t('column.kind')}
        any={t('anyKind')}
        values={bindingKinds}
        nameOf={(kind) => t(`kind.${kind}`)}
        value={query.kind}
        onChange={(kind) => onChange({ kind })}
        className="w-40! max-md:w-auto! max-md:flex-1"
      />
      <FilterSelect
        label={t('column.health')}
        any={t('anyHealth')}
        values={bindingHealths}
        nameOf={(health) => t(`health.${health}`)}
        value={query.health}
        onChange={(health) => onChange({ health })}
        className="w-36! max-md:w-auto! max-md:flex-1"
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
