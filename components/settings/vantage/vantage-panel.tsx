'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { signed } from '@/components/ui/base/signed';
import { Button, IconButton } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { read } from '@/lib/client/fetch-json';
import { slowMs } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type {
  AddVantagePointAction,
  RemoveVantagePointAction,
  VantagePointView,
} from '@/lib/contract/run-convergence';

export type VantagePanelProps = {
  readonly initial: readonly VantagePointView[];
  readonly addPoint: AddVantagePointAction;
  readonly removePoint: RemoveVantagePointAction;
};

/** The public resolvers that runs ask. */
export function VantagePanel({ initial, addPoint, removePoint }: VantagePanelProps) {
  const t = useTranslations('vantage');
  const { data, refetch } = useQuery({
    queryKey: ['vantagePoints'],
    queryFn: ({ signal }) => read('vantagePoint.list', undefined, signal),
    refetchInterval: slowMs,
    initialData: initial,
  });
  const onChanged = () => void refetch();
  const mayConfigure = useMay('configure');
  const addition = useDialog<null>();
  const removal = useDialog<VantagePointView>();
  const columns: readonly Column<VantagePointView>[] = [
    { name: t('name'), cell: ({ name }) => <span className="font-semibold break-words">{name}</span> },
    { name: t('address'), cell: ({ address }) => <Mono className="break-all">{address}</Mono> },
    {
      name: t('added'),
      cell: ({ createdBy, createdAt }) => t.rich('addedBy', signed(createdBy, createdAt)),
    },
    {
      name: '',
      card: 'none',
      cell: (point) =>
        mayConfigure ? (
          <span className="flex justify-end">
            <IconButton
              size="sm"
              label={t('remove', { name: point.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => removal.open(point)}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={data}
      rowKey={({ id }) => id}
    >
      {mayConfigure ? (
        <div className="max-md:hidden">
          <Button icon={<Plus aria-hidden />} onClick={() => addition.open(null)}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      <AddPoint
        key={`add ${addition.key}`}
        addPoint={addPoint}
        isOpen={addition.isOpen}
        onClose={addition.close}
        onChanged={onChanged}
      />
      <ConfirmAction
        dialog={removal}
        title={({ name }) => t('removeTitle', { name })}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        cancelLabel={t('keep')}
        action={removePoint}
        input={({ id }) => ({ id })}
        onDone={onChanged}
      />
    </TablePanel>
  );
}

type DialogProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

function AddPoint({
  addPoint,
  isOpen,
  onClose,
  onChanged,
}: DialogProps & Pick<VantagePanelProps, 'addPoint'>) {
  const t = useTranslations('vantage');
  const [draft, setDraft] = useState({ name: '', address: '' });
  const add = useAction(addPoint, () => {
    onClose();
    onChanged();
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('add')}
      description={t('about')}
      cancelLabel={t('cancel')}
      submitLabel={t('add')}
      isBusy={add.isBusy}
      onSubmit={() => add.send(draft)}
      below={<ActionFailure action={add} />}
    >
      <TextField
        label={t('name')}
        note={t('nameHint')}
        error={add.fieldError('name', draft.name)}
        value={draft.name}
        onType={(name) => setDraft({ ...draft, name })}
      />
      <TextField
        label={t('address')}
        note={t('addressHint')}
        error={add.fieldError('address', draft.address)}
        value={draft.address}
        onType={(address) => setDraft({ ...draft, address })}
      />
    </FormDialog>
  );
}
