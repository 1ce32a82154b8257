'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { CommandSandboxAction } from '@/lib/client/actions';
import type { SandboxAssumption, SandboxView } from '@/lib/client/views';
import { OrderNote } from './order-note';
import { useOrders } from './use-sandbox';

type AssumptionsPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** What no document says and the sandbox had to decide: each can be tried the other way. */
export function AssumptionsPanel({ sandbox, commandSandbox }: AssumptionsPanelProps) {
  const t = useTranslations('sandbox.assumption');
  const { last, give } = useOrders(commandSandbox);
  return (
    <Panel title={t('title')} flush footer={t('note')}>
      <div className="max-h-120 overflow-y-auto">
        <Table>
          <Thead>
            <tr>
              <Th>{t('about')}</Th>
              <Th>{t('value')}</Th>
            </tr>
          </Thead>
          <tbody>
            {sandbox.assumptions.map((row) => (
              <Tr key={row.name}>
                <Td label={t('about')}>
                  <div className="max-w-120">{row.about}</div>
                  <div className="font-mono text-11 text-ink-3">{row.name}</div>
                </Td>
                <Td label={t('value')}>
                  <AssumptionValue
                    row={row}
                    onSet={(value) => give({ kind: 'assume', values: { [row.name]: value } })}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
      <div className="px-4 not-empty:py-2">
        <OrderNote last={last} />
      </div>
    </Panel>
  );
}

type AssumptionValueProps = {
  readonly row: SandboxAssumption;
  readonly onSet: (value: string | number) => void;
};

function AssumptionValue({ row, onSet }: AssumptionValueProps) {
  const t = useTranslations('sandbox.assumption');
  const [typed, setTyped] = useState<string | null>(null);
  if (row.choices !== undefined) {
    return (
      <Select
        size="sm"
        className="w-64"
        aria-label={row.name}
        value={String(row.current)}
        onChange={onSet}
        options={row.choices.map((choice) => ({ value: choice, label: choice }))}
      />
    );
  }
  const text = typed ?? String(row.current);
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSet(Number(text));
        setTyped(null);
      }}
    >
      <Input
        size="sm"
        className="w-32"
        inputMode="decimal"
        aria-label={row.name}
        {...(row.unit ? { unit: row.unit } : {})}
        value={text}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" size="sm" disabled={text === String(row.current)}>
        {t('set')}
      </Button>
    </form>
  );
}
