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
import type { FunctionPartView, FunctionsView } from '@/lib/client/function-views';
import { functionCallsQuery, functionsQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionCount, FunctionPartContents } from '@/lib/estate/functions/function-reading';
import { routes } from '@/lib/routes';
import {
  type FunctionsState,
  filterFunctions,
  functionUses,
  type ListedFunction,
  parseFunctionsState,
  writeFunctionsState,
} from './functions-state';
import { FunctionsTable } from './functions-table';

type FunctionsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The Functions page: every function of one connection, and where it is used. */
export function FunctionsScreen({ connections, connectionId }: FunctionsScreenProps) {
  const t = useTranslations('functions');
  const [state, change] = useAddressState(parseFunctionsState, writeFunctionsState);
  const { data: view, isError } = useQuery(functionsQuery(connectionId));
  const { data: counts } = useQuery(functionCallsQuery(connectionId));
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
          counts={counts ?? null}
          connectionId={connectionId}
          state={state}
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
  /** The calls of the last hour; null = not read yet. */
  readonly counts: FunctionPartView<FunctionPartContents['recent']> | null;
  readonly connectionId: string;
  readonly state: FunctionsState;
  readonly onChange: (part: Partial<FunctionsState>) => void;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

/** Puts the calls of the last hour beside each function. */
function withCounts(
  functions: FunctionsView['functions'],
  counts: readonly FunctionCount[],
): readonly ListedFunction[] {
  const key = ({ region, namespace, name }: FunctionId) => `${region}/${namespace}/${name}`;
  const byKey = new Map(counts.map((count) => [key(count), count]));
  return functions.map((fn) => {
    const { calls = null, errors = null } = byKey.get(key(fn)) ?? {};
    return { ...fn, calls, errors };
  });
}

const everything = { search: '', region: null, namespace: null, use: null } as const;

/** The functions, filtered and sorted. */
export function FunctionsBody(props: FunctionsBodyProps) {
  const { view, counts, connectionId, state, onChange, isStale } = props;
  const t = useTranslations('functions');
  const functions = useMemo(() => withCounts(view.functions, counts?.content ?? []), [view, counts]);
  const shown = useMemo(() => filterFunctions(functions, state), [functions, state]);
  const total = functions.length;
  return (
    <>
      <ReadOnlyNote />
      <ListFrame
        toolbar={<FunctionsToolbar view={view} state={state} onChange={onChange} />}
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
          shown.length === 0 ? null : (
            <FunctionsTable
              functions={shown}
              connectionId={connectionId}
              sort={state.sort}
              descending={state.descending}
              onSort={(sort, descending) => onChange({ sort, descending })}
            />
          )
        }
        nothing={{
          title: t(total === 0 ? 'nothingThere' : 'nothingMatches'),
          hidden: total === 0 ? null : t('hidden', { count: total }),
          onClear: total === 0 ? null : () => onChange(everything),
        }}
        count={t('count', { shown: shown.length, total })}
        note={
          counts?.error ? (
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
  state,
  onChange,
}: Pick<FunctionsBodyProps, 'view' | 'state' | 'onChange'>) {
  const t = useTranslations('functions');
  const namespaces = useMemo(
    () => [...new Set(view.functions.map(({ namespace }) => namespace))].toSorted(),
    [view.functions],
  );
  return (
    <Toolbar flush>
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={state.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterSelect
        label={t('column.region')}
        any={t('allRegions', { count: view.regions.length })}
        icon={<MapPin aria-hidden />}
        values={view.regions}
        value={state.region}
        onChange={(region) => onChange({ region })}
        className="w-40!"
      />
      <FilterSelect
        label={t('namespace')}
        any={t('anyNamespace')}
        values={namespaces}
        value={state.namespace}
        onChange={(namespace) => onChange({ namespace })}
        className="w-40!"
      />
      <FilterSelect
        label={t('column.use')}
        any={t('anyUse')}
        values={functionUses}
        nameOf={(use) => t(`use.${use}`)}
        value={state.use}
        onChange={(use) => onChange({ use })}
        className="w-36!"
      />
    </Toolbar>
  );
}
