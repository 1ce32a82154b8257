'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useAddressText } from '@/components/shell/use-address-state';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { FilterInput } from '@/components/ui/toolbar';
import { useMay } from '@/lib/client/session/rights';
import type { CommandSandboxAction, SandboxAssumption, SandboxView } from '@/lib/contract/sandbox';
import { CommandNoteLine } from './command-note-line';
import { type SandboxCommandState, useSandboxCommands } from './use-sandbox';

type AssumptionsPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** Returns the pending value of this assumption if a command sets it, otherwise its current value. */
function shownValue(row: SandboxAssumption, last: SandboxCommandState): string {
  const sent = last.state === 'sending' && last.command.kind === 'assume' ? last.command.values : {};
  return String(sent[row.name] ?? row.current);
}

/** The sandbox's assumptions about undocumented behaviour of the cloud; each can be switched. */
export function AssumptionsPanel({ sandbox, commandSandbox }: AssumptionsPanelProps) {
  const t = useTranslations('sandbox.assumption');
  const mayControl = useMay('runCode', 'everywhere');
  const { last, send } = useSandboxCommands(commandSandbox);
  const [words, setWords] = useAddressText('assume');
  const wanted = words.trim().toLowerCase();
  const shown = sandbox.assumptions.filter(({ name, about }) =>
    `${name} ${about}`.toLowerCase().includes(wanted),
  );
  const columns: readonly Column<SandboxAssumption>[] = [
    {
      name: t('about'),
      card: 'free',
      cell: ({ about, name }) => (
        <>
          <div className="max-w-120">{about}</div>
          <div className="mono text-11 text-ink-3">{name}</div>
        </>
      ),
    },
    {
      name: t('value'),
      cell: (row) => (
        <>
          <span className={mayControl ? 'md:hidden' : undefined}>
            {row.current} {row.unit}
          </span>
          {mayControl ? (
            <div className="max-md:hidden">
              {row.choices === undefined ? (
                <AssumedNumber
                  row={row}
                  onSet={(value, onDone) => send({ kind: 'assume', values: { [row.name]: value } }, onDone)}
                />
              ) : (
                <Select
                  size="sm"
                  className="max-w-64"
                  aria-label={row.name}
                  value={shownValue(row, last)}
                  onChange={(value) => send({ kind: 'assume', values: { [row.name]: value } })}
                  options={row.choices.map((choice) => ({ value: choice, label: choice }))}
                />
              )}
            </div>
          ) : null}
        </>
      ),
    },
  ];
  return (
    <Panel
      title={t('title')}
      flush
      aside={<FilterInput label={t('filter')} value={words} onChange={setWords} />}
      footer={t('note')}
    >
      <DataTable
        columns={columns}
        rows={shown}
        rowKey={({ name }) => name}
        none={t('noMatch')}
        scroll={{ label: t('list'), className: 'max-h-120' }}
      />
      <div className="px-4 not-empty:py-2">
        <CommandNoteLine last={last} />
      </div>
    </Panel>
  );
}

type AssumedNumberProps = {
  readonly row: SandboxAssumption;
  readonly onSet: (value: number, onDone: () => void) => void;
};

function AssumedNumber({ row, onSet }: AssumedNumberProps) {
  const t = useTranslations('sandbox.assumption');
  const [typed, setTyped] = useState<string | null>(null);
  const errorId = useId();
  const { min = 0, max = Number.MAX_SAFE_INTEGER, unit } = row;
  const text = typed ?? String(row.current);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isRight = value >= min && value <= max;
  return (
    <form
      className="grid gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) onSet(value, () => setTyped(null));
      }}
    >
      <div className="flex items-center gap-2">
        <Input
          size="sm"
          className="w-32"
          inputMode="decimal"
          aria-label={row.name}
          {...(isRight ? {} : { 'aria-invalid': true, 'aria-describedby': errorId })}
          {...(unit ? { unit } : {})}
          value={text}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" size="sm" disabled={!isRight || text === String(row.current)}>
          {t('set')}
        </Button>
      </div>
      {isRight ? null : (
        <p id={errorId} className="text-12 text-bad-ink">
          {t('error', { min, max })}
        </p>
      )}
    </form>
  );
}
