'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { AddMessages } from '@/components/ui/base/add-messages';
import { Button, IconButton } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import { fetchJson } from '@/lib/client/fetch-json';
import { slowMs } from '@/lib/client/queries';
import type {
  AddVantagePointAction,
  RemoveVantagePointAction,
  VantagePointView,
} from '@/lib/client/run-convergence-views';
import { useMay } from '@/lib/client/session/rights';
import vantage from '@/lib/messages/en/parts/vantage.json';

const texts = { vantage };

export type VantagePanelProps = {
  readonly initial: readonly VantagePointView[];
  readonly addPoint: AddVantagePointAction;
  readonly removePoint: RemoveVantagePointAction;
};

/** The public resolvers that runs ask. */
export function VantagePanel(props: VantagePanelProps) {
  return (
    <AddMessages texts={texts}>
      <Points {...props} />
    </AddMessages>
  );
}

function Points({ initial, addPoint, removePoint }: VantagePanelProps) {
  const t = useTranslations('vantage');
  const { data, refetch } = useQuery({
    queryKey: ['vantagePoints'],
    queryFn: ({ signal }) => fetchJson<readonly VantagePointView[]>('/api/vantage-points', signal),
    refetchInterval: slowMs,
    initialData: initial,
  });
  const onChanged = () => void refetch();
  const mayConfigure = useMay('configure');
  // A closed form keeps nothing.
  const [form, setForm] = useState({ count: 0, isOpen: false });
  // Outside of the rows, because reading them again may replace them while a removal is confirmed.
  const [asked, setAsked] = useState<{ readonly point: VantagePointView; readonly isOpen: boolean } | null>(
    null,
  );
  const columns: readonly Column<VantagePointView>[] = [
    { name: t('name'), cell: ({ name }) => <span className="font-semibold break-words">{name}</span> },
    { name: t('address'), cell: ({ address }) => <Mono className="break-all">{address}</Mono> },
    {
      name: t('added'),
      cell: ({ createdBy, createdAt }) =>
        t.rich('addedBy', { by: createdBy, time: () => <Time at={createdAt} /> }),
    },
    {
      name: '',
      cell: (point) =>
        mayConfigure ? (
          <span className="flex justify-end">
            <IconButton
              size="sm"
              label={t('remove', { name: point.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => setAsked({ point, isOpen: true })}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        {data.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <DataTable label={t('title')} columns={columns} rows={data} rowKey={({ id }) => id} />
        )}
        {mayConfigure ? (
          <div>
            <Button
              icon={<Plus aria-hidden />}
              onClick={() => setForm(({ count }) => ({ count: count + 1, isOpen: true }))}
            >
              {t('add')}
            </Button>
          </div>
        ) : null}
        <AddPoint
          key={form.count}
          addPoint={addPoint}
          isOpen={form.isOpen}
          onClose={() => setForm((now) => ({ ...now, isOpen: false }))}
          onChanged={onChanged}
        />
        {asked === null ? null : (
          <RemovePoint
            key={`remove ${asked.point.id}`}
            point={asked.point}
            isOpen={asked.isOpen}
            onClose={() => setAsked((now) => now && { ...now, isOpen: false })}
            {...{ removePoint, onChanged }}
          />
        )}
      </div>
    </Panel>
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
      <Field label={t('name')} note={t('nameHint')} error={add.fieldError('name')}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('address')} note={t('addressHint')} error={add.fieldError('address')}>
        {(control) => (
          <Input
            {...control}
            value={draft.address}
            onChange={(event) => setDraft({ ...draft, address: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}

type RemovePointProps = DialogProps &
  Pick<VantagePanelProps, 'removePoint'> & { readonly point: VantagePointView };

/** Asks for confirmation, and removes a resolver. */
function RemovePoint({ point, removePoint, isOpen, onClose, onChanged }: RemovePointProps) {
  const t = useTranslations('vantage');
  const remove = useAction(removePoint, () => {
    onClose();
    onChanged();
  });
  return (
    <Dialog
      open={isOpen}
      onOpenChange={onClose}
      title={t('removeTitle', { name: point.name })}
      description={t('removeText')}
      cancelLabel={t('keep')}
      action={
        <Button variant="dangerSolid" busy={remove.isBusy} onClick={() => remove.send({ id: point.id })}>
          {t('removeNow')}
        </Button>
      }
    >
      <ActionFailure action={remove} />
    </Dialog>
  );
}
