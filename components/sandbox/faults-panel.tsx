'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import type { CommandSandboxAction } from '@/lib/client/actions';
import type { SandboxView } from '@/lib/client/views';
import { CommandNoteLine } from './command-note-line';
import { FaultForm } from './fault-form';
import { FaultTable } from './fault-table';
import { useSandboxCommands } from './use-sandbox';

type FaultsPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** Faults: the form that injects one, and all that were injected. */
export function FaultsPanel({ sandbox, commandSandbox }: FaultsPanelProps) {
  const t = useTranslations('sandbox.fault');
  const adding = useSandboxCommands(commandSandbox);
  const lifting = useSandboxCommands(commandSandbox);
  const { faults } = sandbox;
  return (
    <>
      <Panel title={t('new')} className="max-md:hidden">
        <FaultForm orders={adding} />
      </Panel>
      <Panel
        title={t('title')}
        flush
        aside={
          <Button
            size="sm"
            className="max-md:hidden"
            disabled={faults.length === 0}
            busy={lifting.last.state === 'sending'}
            onClick={() => lifting.give({ kind: 'liftAllFaults' })}
          >
            {t('liftAll')}
          </Button>
        }
      >
        <FaultTable faults={faults} onLift={(id) => lifting.give({ kind: 'liftFault', id })} />
        <div className="px-4 not-empty:py-2">
          <CommandNoteLine last={lifting.last} />
        </div>
      </Panel>
    </>
  );
}
