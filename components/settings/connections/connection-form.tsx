'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { type FieldErrorOf, useAction } from '@/components/shell/use-action';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import type {
  AddConnectionAction,
  ChangeConnectionAction,
  ConnectionSettingsView,
  RotateConnectionKeysAction,
  TypedKey,
  WriteKey,
} from '@/lib/contract/connection';
import { findListError, splitList } from '@/lib/input/list-text';
import { RoleFields, toRole, toRoleDraft } from './role-fields';

type DialogState = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

const emptyKey: TypedKey = { secretId: '', secretKey: '' };
const isEmpty = ({ secretId, secretKey }: TypedKey) => secretId === '' && secretKey === '';

type KeyFieldsProps = {
  /** The name of the key in the input: `read` or `write`. */
  readonly name: 'read' | 'write';
  readonly value: TypedKey;
  readonly onChange: (key: TypedKey) => void;
  readonly errorOf: FieldErrorOf;
  readonly note?: string;
};

/** A key as it is typed. Nothing shows it again. */
function KeyFields({ name, value, onChange, errorOf, note }: KeyFieldsProps) {
  const t = useTranslations('connections');
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 text-12 font-semibold">{t(`key.${name}`)}</legend>
      {note === undefined ? null : <p className="text-12 text-ink-2">{note}</p>}
      <TextField
        label={t('secretId')}
        error={errorOf(`${name}.secretId`, value.secretId)}
        value={value.secretId}
        onType={(secretId) => onChange({ ...value, secretId })}
      />
      <TextField
        label={t('secretKey')}
        error={errorOf(`${name}.secretKey`, value.secretKey)}
        type="password"
        autoComplete="off"
        value={value.secretKey}
        onType={(secretKey) => onChange({ ...value, secretKey })}
      />
    </fieldset>
  );
}

type NameAndRegions = { readonly name: string; readonly regions: string };

function NameAndRegionsFields({
  value,
  onChange,
  errorOf,
}: {
  readonly value: NameAndRegions;
  readonly onChange: (value: NameAndRegions) => void;
  readonly errorOf: FieldErrorOf;
}) {
  const t = useTranslations('connections');
  return (
    <>
      <TextField
        label={t('name')}
        error={errorOf('name', value.name)}
        value={value.name}
        onType={(name) => onChange({ ...value, name })}
      />
      <TextField
        label={t('regions')}
        note={t('regionsHint')}
        error={findListError(errorOf, 'regions', value.regions, splitList(value.regions).length)}
        value={value.regions}
        onType={(regions) => onChange({ ...value, regions })}
      />
    </>
  );
}

function WritesField({
  value,
  onChange,
}: {
  readonly value: WriteKey;
  readonly onChange: (writes: WriteKey) => void;
}) {
  const t = useTranslations('connections');
  return (
    <Field label={t('writes.label')} note={t(`writesHint.${value}`)}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={(['none', 'same', 'own'] as const).map((each) => ({
            value: each,
            label: t(`writes.${each}`),
          }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

type AddProps = Omit<DialogState, 'onChanged'> & {
  readonly hasSandbox: boolean;
  readonly addConnection: AddConnectionAction;
  readonly onAdded: (id: string) => void;
};

/** Adds a connection. */
export function AddConnection({ hasSandbox, addConnection, isOpen, onClose, onAdded }: AddProps) {
  const t = useTranslations('connections');
  const [kind, setKind] = useState<'tencent' | 'sandbox'>('tencent');
  const [site, setSite] = useState<'mainland' | 'international'>('mainland');
  const [own, setOwn] = useState<NameAndRegions>({ name: '', regions: 'ap-singapore, ap-jakarta' });
  const [read, setRead] = useState(emptyKey);
  const [writes, setWrites] = useState<WriteKey>('none');
  const [write, setWrite] = useState(emptyKey);
  const [role, setRole] = useState(() => toRoleDraft(null));
  const add = useAction(addConnection, ({ id }) => {
    onClose();
    onAdded(id);
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('addTitle')}
      description={t('addText')}
      submitLabel={t('addNow')}
      isBusy={add.isBusy}
      onSubmit={() =>
        add.send({
          name: own.name,
          regions: splitList(own.regions),
          kind,
          site,
          read,
          writes,
          write: writes === 'own' ? write : null,
          role: toRole(role),
        })
      }
      below={<ActionFailure action={add} />}
    >
      {hasSandbox ? (
        <Field label={t('kind.label')}>
          {(control) => (
            <Select
              {...control}
              value={kind}
              options={[
                { value: 'tencent', label: t('kind.tencent') },
                { value: 'sandbox', label: t('kind.sandbox') },
              ]}
              onChange={setKind}
            />
          )}
        </Field>
      ) : null}
      {kind === 'tencent' ? (
        <Field label={t('site.label')}>
          {(control) => (
            <Select
              {...control}
              value={site}
              options={[
                { value: 'mainland', label: t('site.mainland') },
                { value: 'international', label: t('site.international') },
              ]}
              onChange={setSite}
            />
          )}
        </Field>
      ) : null}
      <NameAndRegionsFields value={own} onChange={setOwn} errorOf={add.fieldError} />
      <KeyFields name="read" value={read} onChange={setRead} errorOf={add.fieldError} />
      <WritesField value={writes} onChange={setWrites} />
      {writes === 'own' ? (
        <KeyFields name="write" value={write} onChange={setWrite} errorOf={add.fieldError} />
      ) : null}
      <RoleFields value={role} onChange={setRole} errorOf={add.fieldError} />
    </FormDialog>
  );
}

type Chosen = DialogState & { readonly connection: ConnectionSettingsView };

/** Changes the name, the regions and the role of a connection. */
export function ChangeConnection({
  connection,
  changeConnection,
  isOpen,
  onClose,
  onChanged,
}: Chosen & { readonly changeConnection: ChangeConnectionAction }) {
  const { id, name, added } = connection;
  const t = useTranslations('connections');
  const [own, setOwn] = useState<NameAndRegions>({ name, regions: added?.regions.join(', ') ?? '' });
  const [role, setRole] = useState(() => toRoleDraft(added?.role ?? null));
  const change = useAction(changeConnection, () => {
    onClose();
    onChanged();
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('changeTitle', { name })}
      submitLabel={t('changeNow')}
      isBusy={change.isBusy}
      onSubmit={() =>
        change.send({ id, name: own.name, regions: splitList(own.regions), role: toRole(role) })
      }
      below={<ActionFailure action={change} />}
    >
      <NameAndRegionsFields value={own} onChange={setOwn} errorOf={change.fieldError} />
      <RoleFields value={role} onChange={setRole} errorOf={change.fieldError} />
    </FormDialog>
  );
}

/** Replaces keys of a connection. A key that is left empty stays. */
export function RotateKeys({
  connection,
  rotateKeys,
  isOpen,
  onClose,
  onChanged,
}: Chosen & { readonly rotateKeys: RotateConnectionKeysAction }) {
  const { id, name, added } = connection;
  const t = useTranslations('connections');
  const [read, setRead] = useState(emptyKey);
  const [writes, setWrites] = useState<WriteKey>(added?.writes ?? 'none');
  const [write, setWrite] = useState(emptyKey);
  const rotate = useAction(rotateKeys, () => {
    onClose();
    onChanged();
  });
  const stays = (end: string | null | undefined) => (end ? t('keyStays', { end }) : undefined);
  const readNote = stays(added?.readKeyEnd);
  const writeNote = stays(added?.writeKeyEnd);
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('rotateTitle', { name })}
      description={t('rotateText')}
      submitLabel={t('rotateNow')}
      isBusy={rotate.isBusy}
      onSubmit={() =>
        rotate.send({
          id,
          read: isEmpty(read) ? null : read,
          writes,
          write: writes !== 'own' || isEmpty(write) ? null : write,
        })
      }
      below={<ActionFailure action={rotate} />}
    >
      <KeyFields
        name="read"
        value={read}
        onChange={setRead}
        errorOf={rotate.fieldError}
        {...(readNote === undefined ? {} : { note: readNote })}
      />
      <WritesField value={writes} onChange={setWrites} />
      {writes === 'own' ? (
        <KeyFields
          name="write"
          value={write}
          onChange={setWrite}
          errorOf={rotate.fieldError}
          {...(writeNote === undefined ? {} : { note: writeNote })}
        />
      ) : null}
    </FormDialog>
  );
}
