'use client';

import { useTranslations } from 'next-intl';
import { FreezeText } from '@/components/schedule/freeze-text';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { useNow } from '@/components/ui/use-now';
import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/client/actions';
import type { FreezeView } from '@/lib/client/views';
import { AddFreeze } from './add-freeze';
import { RemoveFreeze } from './remove-freeze';

export type FreezesPanelProps = {
  readonly freezes: readonly FreezeView[];
  readonly addFreeze: AddFreezeAction;
  readonly removeFreeze: RemoveFreezeAction;
  readonly onChanged: () => void;
};

/** The times in which no cutover moves traffic. */
export function FreezesPanel({ freezes, addFreeze, removeFreeze, onChanged }: FreezesPanelProps) {
  const t = useTranslations('settings.freezes');
  const isInBrowser = useNow(60_000) !== null;
  return (
    <Panel title={t('title')}>
      <div className="grid gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        {freezes.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <Table aria-label={t('title')}>
            <Thead>
              <tr>
                <Th>{t('name')}</Th>
                <Th>{t('when')}</Th>
                <td className="border-b border-line" />
              </tr>
            </Thead>
            <tbody>
              {freezes.map((freeze) => (
                <Tr key={freeze.id}>
                  <Td label={t('name')} className="font-semibold">
                    {freeze.name}
                  </Td>
                  <Td label={t('when')}>
                    <FreezeText span={freeze.span} />
                  </Td>
                  <Td className="text-right max-md:hidden">
                    <RemoveFreeze freeze={freeze} removeFreeze={removeFreeze} onRemoved={onChanged} />
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
        {isInBrowser ? <AddFreeze addFreeze={addFreeze} onAdded={onChanged} /> : null}
      </div>
    </Panel>
  );
}
