'use client';

import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { AsOf, Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type { CommandSandboxAction, SandboxView } from '@/lib/contract/sandbox';
import { AssumptionsPanel } from './assumptions-panel';
import { ClockPanel } from './clock-panel';
import { CommandNoteLine } from './command-note-line';
import { FaultForm } from './fault-form';
import { FaultTable } from './fault-table';
import { FunctionsPanel } from './functions-panel';
import { LogPanel } from './log-panel';
import { SandboxDataPanel } from './sandbox-data-panel';
import { useSandbox, useSandboxCommands } from './use-sandbox';

type SandboxScreenProps = {
  readonly initial: SandboxView;
  readonly commandSandbox: CommandSandboxAction;
};

/** The sandbox through its control API: actions that a real cloud doesn't offer. */
export function SandboxScreen({ initial, commandSandbox }: SandboxScreenProps) {
  const t = useTranslations('sandbox');
  const mayControl = useMay('runCode', 'everywhere');
  const { sandbox, isStale } = useSandbox(initial);
  const parts = { sandbox, commandSandbox };
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={t('title')}
          facts={
            <>
              <span>{t('intro')}</span>
              <span>{t('tasks', { count: sandbox.tasksRunning })}</span>
              <AsOf at={sandbox.readAt} />
            </>
          }
        />
        {mayControl ? null : <p className="text-12 text-ink-2">{t('onlyAdministrators')}</p>}
        {isStale ? (
          <Banner tone="warn" title={t('stale')}>
            {t.rich('staleText', { time: () => <Time at={sandbox.readAt} /> })}
          </Banner>
        ) : null}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,400px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <ClockPanel {...parts} />
            <SandboxDataPanel {...parts} />
            <FunctionsPanel runtimes={sandbox.runtimes} />
            <AppliedWritesPanel effects={sandbox.effects} />
          </div>
          <div className="grid min-w-0 gap-4">
            <FaultsPanel {...parts} />
            <LogPanel log={sandbox.log} />
            <AssumptionsPanel {...parts} />
          </div>
        </div>
      </PageFrame>
    </>
  );
}

type AppliedWrite = SandboxView['effects'][number];

/** The number of times each write took effect on each object, so that duplicates are visible. */
function AppliedWritesPanel({ effects }: { readonly effects: readonly AppliedWrite[] }) {
  const t = useTranslations('sandbox.effect');
  const columns: readonly Column<AppliedWrite>[] = [
    { name: t('action'), className: 'font-medium', cell: ({ action }) => action },
    { name: t('object'), cell: ({ object }) => <Mono className="break-all">{object}</Mono> },
    { name: t('count'), isNumber: true, cell: ({ count }) => count },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        columns={columns}
        rows={effects.toReversed()}
        rowKey={({ action, object }) => `${action} ${object}`}
        none={t('nothing')}
        scroll={{ label: t('list'), className: 'max-h-80' }}
      />
    </Panel>
  );
}

type FaultsPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** Faults: the form that injects one, and all injected faults. */
function FaultsPanel({ sandbox, commandSandbox }: FaultsPanelProps) {
  const t = useTranslations('sandbox.fault');
  const adding = useSandboxCommands(commandSandbox);
  const clearing = useSandboxCommands(commandSandbox);
  const mayControl = useMay('runCode', 'everywhere');
  const { faults } = sandbox;
  return (
    <>
      {mayControl ? (
        <Panel title={t('new')} className="max-md:hidden">
          <FaultForm commands={adding} objects={sandbox.objects} />
        </Panel>
      ) : null}
      <Panel
        title={t('title')}
        flush
        aside={
          mayControl ? (
            <Button
              size="sm"
              className="max-md:hidden"
              disabled={faults.length === 0}
              busy={clearing.last.state === 'sending'}
              onClick={() => clearing.send({ kind: 'clearAllFaults' })}
            >
              {t('clearAll')}
            </Button>
          ) : null
        }
      >
        <FaultTable
          faults={faults}
          onClear={mayControl ? (id) => clearing.send({ kind: 'clearFault', id }) : null}
        />
        <div className="px-4 not-empty:py-2">
          <CommandNoteLine last={clearing.last} />
        </div>
      </Panel>
    </>
  );
}
