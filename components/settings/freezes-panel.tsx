'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { FreezeText } from '@/components/schedule/freeze-text';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useUndo } from '@/components/shell/use-undo';
import { IconButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { useServerTime, useZones } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import { useMay } from '@/lib/client/session/rights';
import type { AddFreezeAction, FreezeView, RemoveFreezeAction } from '@/lib/contract/schedule';
import { AddFreeze } from './add-freeze';

export type FreezesPanelProps = {
  readonly freezes: readonly FreezeView[];
  readonly addFreeze: AddFreezeAction;
  readonly removeFreeze: RemoveFreezeAction;
  readonly onChanged: () => void;
};

/** The windows in which no cutover moves traffic. */
export function FreezesPanel({ freezes, addFreeze, removeFreeze, onChanged }: FreezesPanelProps) {
  const t = useTranslations('settings.freezes');
  const { own } = useZones();
  const now = useNow(60_000);
  const mayConfigure = useMay('configure');
  const isServerRender = useServerTime() !== null;
  const removal = useDialog<FreezeView>();
  const undo = useUndo(addFreeze, onChanged);
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
                    <FreezeText freeze={freeze} />
                  </Td>
                  <Td className="text-right max-md:hidden">
                    {mayConfigure ? (
                      <IconButton
                        size="sm"
                        label={t('remove', { name: freeze.name })}
                        icon={<Trash2 aria-hidden />}
                        onClick={() => removal.open(freeze)}
                      />
                    ) : null}
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
        {/* On the server it only reserves its space: input before hydration would be lost, and the zone of
            a browser that is here for the first time is not known yet. */}
        {now === null || !mayConfigure ? null : (
          <div inert={isServerRender} className={isServerRender ? 'invisible' : undefined}>
            <AddFreeze key={own} now={now} addFreeze={addFreeze} onAdded={onChanged} />
          </div>
        )}
        <ConfirmAction
          dialog={removal}
          title={({ name }) => t('removeTitle', { name })}
          text={t('removeText')}
          confirmLabel={t('removeNow')}
          cancelLabel={t('keep')}
          action={removeFreeze}
          input={({ id }) => id}
          onDone={({ name, span, isUnread }) => {
            onChanged();
            // The times of one that can't be read are not known.
            if (!isUnread) undo(t('removed', { name }), { name, span });
          }}
        />
      </div>
    </Panel>
  );
}
