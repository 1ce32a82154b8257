'use client';

import { useQuery } from '@tanstack/react-query';
import { MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { useAddressState } from '@/components/shell/use-address-state';
import { ListFrame } from '@/components/ui/tables/list-frame';
import { Time } from '@/components/ui/time';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import { useDebounced } from '@/components/ui/use-debounced';
import type { FunctionsView } from '@/lib/client/function-views';
import { functionsQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import {
  type FunctionQuery,
  functionUses,
  parseFunctionQuery,
  writeFunctionQuery,
} from '@/lib/estate/functions/function-query';
import { routes } from '@/lib/routes';
import { FunctionsTable } from './functions-table';

type FunctionsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The pause in typing after which a search is sent. */
const searchMs = 150;

/** The Functions page: every function of one connection, and where it is used. */
export function FunctionsScreen({ connections, connectionId }: FunctionsScreenProps) {
  const t = useTranslations('functions');
  const [query, change] = useAddressState(parseFunctionQuery, writeFunctionQuery);
  // Typing asks once it pauses.
  const search = useDebounced(query.search, searchMs);
  const asked = useMemo(() => ({ ...query, search }), [query, search]);
  const { data: view, isError } = useQuery(
    functionsQuery(connectionId, writeFunctionQuery(new URLSearchParams(), asked), 0),
  );
  return (
    <AppShell
      connections={connections}
      connectionId={connectionId}
      section="estate"
      tab="functions"
      head={{
        title: t('title'),
        note: view ? t.rich('note', { time: () => <Time at={view.takenAt} /> }) : null,
      }}
    >
      {view ? (
        <FunctionsBody
          view={view}
          connectionId={connectionId}
          query={query}
          asked={asked}
          onChange={change}
          isStale={isError}
        />
      ) : (
        <NothingRead of="functions" connectionId={connectionId} isNever={view === null} isError={isError} />
      )}
    </AppShell>
  );
}

type FunctionsBodyProps = {
  readonly view: FunctionsView;
  readonly connectionId: string;
  readonly query: FunctionQuery;
  /** The query that the server is asked: it changes once typing has paused. */
  readonly asked: FunctionQuery;
  readonly onChange: (part: Partial<FunctionQuery>) => void;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

const everything = { search: '', region: null, namespace: null, use: null } as const;

/** The functions that a filter finds, in its order. */
export function FunctionsBody({ view, connectionId, query, asked, onChange, isStale }: FunctionsBodyProps) {
  const t = useTranslations('functions');
  const { found, total, counts } = view;
  return (
    <>
      <ReadOnlyNote />
      <ListFrame
        toolbar={<FunctionsToolbar view={view} query={query} onChange={onChange} />}
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
            <FunctionsTable
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
        note={
          counts.error ? (
            <span>
              {t('countsFailed')} <CloudErrorText error={counts.error} />
            </span>
          ) : null
        }
        takenAt={view.takenAt}
      />
    </>
  );
}

function FunctionsToolbar({
  view,
  query,
  onChange,
}: Pick<FunctionsBodyProps, 'view' | 'query' | 'onChange'>) {
  const t = useTranslations('functions');
  return (
    <Toolbar flush>
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={query.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterSelect
        label={t('column.region')}
        any={t('allRegions', { count: view.regions.length })}
        icon={<MapPin aria-hidden />}
        values={view.regions}
        value={query.region}
        onChange={(region) => onChange({ region })}
        className="w-40!"
      />
      <FilterSelect
        label={t('namespace')}
        any={t('anyNamespace')}
        values={view.namespaces}
        value={query.namespace}
        onChange={(namespace) => onChange({ namespace })}
        className="w-40!"
      />
      <FilterSelect
        label={t('column.use')}
        any={t('anyUse')}
        values={functionUses}
        nameOf={(use) => t(`use.${use}`)}
        value={query.use}
        onChange={(use) => onChange({ use })}
        className="w-36!"
      />
    </Toolbar>
  );
}
