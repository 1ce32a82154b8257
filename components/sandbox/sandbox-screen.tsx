'use client';

import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { AsOf, Time } from '@/components/ui/time';
import type { CommandSandboxAction } from '@/lib/client/actions';
import type { SandboxView } from '@/lib/client/views';
import { AssumptionsPanel } from './assumptions-panel';
import { ClockPanel } from './clock-panel';
import { AppliedWritesPanel } from './effects-panel';
import { FaultsPanel } from './faults-panel';
import { FunctionsPanel } from './functions-panel';
import { LogPanel } from './log-panel';
import { useSandbox } from './use-sandbox';
import { WorldPanel } from './world-panel';

type SandboxScreenProps = {
  readonly initial: SandboxView;
  readonly commandSandbox: CommandSandboxAction;
};

/** The sandbox through its control API: actions that no cloud offers its customers. */
export function SandboxScreen({ initial, commandSandbox }: SandboxScreenProps) {
  const t = useTranslations('sandbox');
  const { sandbox, isStale } = useSandbox(initial);
  const parts = { sandbox, commandSandbox };
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={t('title')}
          sub={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12">
              <span>{t('intro')}</span>
              <span>{t('tasks', { count: sandbox.tasksRunning })}</span>
              <AsOf at={sandbox.readAt} />
            </span>
          }
        />
        {isStale ? (
          <Banner tone="warn" title={t('stale')}>
            {t.rich('staleText', { time: () => <Time at={sandbox.readAt} /> })}
          </Banner>
        ) : null}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,400px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <ClockPanel {...parts} />
            <WorldPanel {...parts} />
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
