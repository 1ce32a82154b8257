'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FreezeText } from '@/components/schedule/freeze-text';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { useUndo } from '@/components/shell/use-undo';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { useServerTime, useZones } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/client/actions';
import { useMay } from '@/lib/client/session/rights';
import type { FreezeView } from '@/lib/client/views';
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
  // Outside of the rows, because reading the page again may replace them while a removal is confirmed.
  const [asked, setAsked] = useState<{ readonly freeze: FreezeView; readonly isOpen: boolean } | null>(null);
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
                    {mayConfigure ? (
                      <IconButton
                        size="sm"
                        label={t('remove', { name: freeze.name })}
                        icon={<Trash2 aria-hidden />}
                        onClick={() => setAsked({ freeze, isOpen: true })}
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
        {asked === null ? null : (
          <RemoveFreeze
            key={asked.freeze.id}
            {...asked}
            setOpen={(isOpen) => setAsked((now) => (now?.freeze === asked.freeze ? { ...now, isOpen } : now))}
            {...{ addFreeze, removeFreeze, onChanged }}
          />
        )}
      </div>
    </Panel>
  );
}

type RemoveFreezeProps = {
  readonly freeze: FreezeView;
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
} & Pick<FreezesPanelProps, 'addFreeze' | 'removeFreeze' | 'onChanged'>;

/** Asks for confirmation, and removes a freeze window. */
function RemoveFreeze({ freeze, isOpen, setOpen, addFreeze, removeFreeze, onChanged }: RemoveFreezeProps) {
  const t = useTranslations('settings.freezes');
  const { name, span } = freeze;
  const undo = useUndo(addFreeze, onChanged);
  const remove = useAction(removeFreeze, () => {
    setOpen(false);
    onChanged();
    undo(t('removed', { name }), { name, span });
  });
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={t('removeTitle', { name })}
      description={t('removeText')}
      cancelLabel={t('keep')}
      action={
        <Button variant="dangerSolid" busy={remove.isBusy} onClick={() => remove.send(freeze.id)}>
          {t('removeNow')}
        </Button>
      }
    >
      <ActionFailure action={remove} />
    </Dialog>
  );
}
