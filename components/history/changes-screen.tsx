'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { useAddressState } from '@/components/shell/use-address-state';
import { Button } from '@/components/ui/button';
import { PageFrame } from '@/components/ui/page-header';
import { Segmented } from '@/components/ui/segmented';
import { SearchInput, Toolbar } from '@/components/ui/toolbar';
import { changesQuery } from '@/lib/client/estate-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import { ChangesBody } from './changes-body';
import { type ChangesState, parseChangesState, writeChangesState } from './changes-state';
import { MomentPicker } from './moment-picker';

type ChangesToolbarProps = {
  readonly state: ChangesState;
  readonly onChange: (part: Partial<ChangesState>) => void;
};

const hourMs = 3_600_000;
const spans = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs, month: 30 * 24 * hourMs } as const;
const spanNames = Object.keys(spans) as readonly (keyof typeof spans)[];

/** Selects the two instants and filters the changes. */
export function ChangesToolbar({ state, onChange }: ChangesToolbarProps) {
  const t = useTranslations('history');
  return (
    <Toolbar>
      <MomentPicker
        name={t('from')}
        value={state.from}
        none={t('dayAgo')}
        zone={state.zone}
        onChange={(from, zone) => onChange({ from, zone })}
      />
      <MomentPicker
        name={t('to')}
        value={state.to}
        none={t('now')}
        zone={state.zone}
        onChange={(to, zone) => onChange({ to, zone })}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a border and its own legend */}
      <span role="group" aria-label={t('span')} className="inline-flex gap-1">
        {spanNames.map((span) => (
          <Button
            key={span}
            size="sm"
            variant="ghost"
            onClick={() => onChange({ from: new Date(Date.now() - spans[span]).toISOString(), to: null })}
          >
            {t(`spans.${span}`)}
          </Button>
        ))}
      </span>
      <Segmented
        label={t('shown')}
        value={state.all ? 'all' : 'made'}
        onChange={(which) => onChange({ all: which === 'all' })}
        options={[
          { value: 'made', label: t('made') },
          { value: 'all', label: t('all') },
        ]}
      />
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={state.search}
        onChange={(search) => onChange({ search })}
      />
    </Toolbar>
  );
}

type ChangesScreenProps = {
  readonly connections: readonly ConnectionView[];
  readonly connection: ConnectionView;
};

/** The Changes page: the difference between any two instants of one connection. */
export function ChangesScreen({ connections, connection }: ChangesScreenProps) {
  const t = useTranslations('history');
  const [state, change] = useAddressState(parseChangesState, writeChangesState);
  const { from, to } = state;
  const { data: view, isError } = useQuery(changesQuery(connection.id, { from, to }));
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="estate"
      tab="changes"
      head={{ title: t('title'), note: t('note', { connection: connection.name }) }}
    >
      <PageFrame>
        <ChangesToolbar state={state} onChange={change} />
        {view ? (
          <ChangesBody
            view={view}
            connectionId={connection.id}
            state={state}
            onChange={change}
            isStale={isError}
          />
        ) : (
          <NothingRead of="history" connectionId={connection.id} isNever={view === null} isError={isError} />
        )}
      </PageFrame>
    </AppShell>
  );
}
