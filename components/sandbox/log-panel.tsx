'use client';

import { useTranslations } from 'next-intl';
import { useAddressText } from '@/components/shell/use-address-state';
import { Chip, type ChipTone } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import { FilterInput } from '@/components/ui/toolbar';
import type { SandboxView } from '@/lib/contract/sandbox';

type LogLine = SandboxView['log'][number];

const tones: Readonly<Record<LogLine['level'], ChipTone>> = {
  debug: 'neutral',
  info: 'neutral',
  warn: 'warn',
  error: 'bad',
};

function includes(line: LogLine, words: string): boolean {
  return [line.text, line.action, line.requestId, line.code].some((part) =>
    part?.toLowerCase().includes(words.trim().toLowerCase()),
  );
}

/** The latest entries of the sandbox's log, newest first: faults injected and hit, and failures. */
export function LogPanel({ log }: { readonly log: SandboxView['log'] }) {
  const t = useTranslations('sandbox.log');
  const [words, setWords] = useAddressText('log');
  const shown = log.filter((line) => includes(line, words)).toReversed();
  const columns: readonly Column<LogLine>[] = [
    { name: t('time'), className: 'text-ink-2 tabular-nums', cell: ({ at }) => <Time at={at} /> },
    {
      name: t('what'),
      cell: ({ level, action, code, text }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 max-md:justify-end">
          {level === 'info' || level === 'debug' ? null : (
            <Chip tone={tones[level]}>{t(`level.${level}`)}</Chip>
          )}
          {action ? <strong className="font-medium">{action}</strong> : null}
          {code ? <Chip tone="warn">{code}</Chip> : null}
          <span className="text-ink-2">{text}</span>
        </span>
      ),
    },
    {
      name: t('request'),
      cell: ({ requestId }) => (requestId ? <Copyable value={requestId} /> : null),
    },
  ];
  return (
    <Panel
      title={t('title')}
      flush
      aside={<FilterInput label={t('filter')} value={words} onChange={setWords} />}
    >
      <DataTable
        columns={columns}
        rows={shown}
        rowKey={({ number }) => number}
        none={log.length === 0 ? t('nothing') : t('noMatch')}
        scroll={{ label: t('list'), className: 'max-h-120' }}
      />
    </Panel>
  );
}
