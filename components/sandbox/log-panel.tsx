'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Chip, type ChipTone } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { SandboxView } from '@/lib/client/views';
import { FilterInput } from './filter-input';
import { ScrollBox } from './scroll-box';

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
  const [words, setWords] = useState('');
  const shown = log.filter((line) => includes(line, words)).toReversed();
  return (
    <Panel
      title={t('title')}
      flush
      aside={<FilterInput label={t('filter')} value={words} onChange={setWords} />}
    >
      {shown.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{log.length === 0 ? t('nothing') : t('noMatch')}</p>
      ) : (
        <ScrollBox label={t('list')} className="max-h-120">
          <Table>
            <Thead>
              <tr>
                <Th>{t('time')}</Th>
                <Th>{t('what')}</Th>
                <Th>{t('request')}</Th>
              </tr>
            </Thead>
            <tbody>
              {shown.map((line) => (
                <Tr key={line.number}>
                  <Td label={t('time')} className="text-ink-2 tabular-nums">
                    <Time at={line.at} />
                  </Td>
                  <Td label={t('what')}>
                    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 max-md:justify-end">
                      {line.level === 'info' || line.level === 'debug' ? null : (
                        <Chip tone={tones[line.level]}>{t(`level.${line.level}`)}</Chip>
                      )}
                      {line.action ? <strong className="font-medium">{line.action}</strong> : null}
                      {line.code ? <Chip tone="warn">{line.code}</Chip> : null}
                      <span className="text-ink-2">{line.text}</span>
                    </span>
                  </Td>
                  <Td label={t('request')}>{line.requestId ? <Copyable value={line.requestId} /> : null}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </ScrollBox>
      )}
    </Panel>
  );
}
