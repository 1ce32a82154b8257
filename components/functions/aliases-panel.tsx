'use client';

import { Pencil, Plus, Tag, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { Button, IconButton } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { Panel } from '@/components/ui/panel';
import { Picker } from '@/components/ui/pickers/picker';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { useMay } from '@/lib/client/session/rights';
import { readAliasTarget } from '@/lib/estate/functions/function-change';
import type { FunctionAlias } from '@/lib/estate/model';
import { ChangeDialog, TypedName } from './change-dialog';
import type { FunctionPageProps } from './function-props';
import { useChange } from './use-change';

type Open = { readonly kind: 'set' | 'delete'; readonly alias: string | null };

/** The aliases of a function with their shares. */
export function AliasesPanel(props: FunctionPageProps) {
  const t = useTranslations('functions.aliases');
  const mayRunCode = useMay('runCode');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { aliases } = props.view.function;
  return (
    <Panel
      flush
      title={t('title')}
      aside={
        aliases === null || !mayRunCode ? null : (
          <Button
            size="sm"
            className="max-md:hidden"
            icon={<Plus aria-hidden />}
            onClick={() => setOpen({ kind: 'set', alias: null })}
          >
            {t('create')}
          </Button>
        )
      }
    >
      {aliases === null ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('unread')}</p>
      ) : (
        <AliasTable {...props} aliases={aliases} onOpen={setOpen} />
      )}
      {open?.kind === 'set' ? <SetAliasDialog {...props} alias={open.alias} onClose={close} /> : null}
      {open?.kind === 'delete' && open.alias !== null ? (
        <DeleteAliasDialog {...props} alias={open.alias} onClose={close} />
      ) : null}
    </Panel>
  );
}

type AliasTableProps = FunctionPageProps & {
  readonly aliases: readonly FunctionAlias[];
  readonly onOpen: (open: Open) => void;
};

function AliasTable({ view, aliases, onOpen }: AliasTableProps) {
  const t = useTranslations('functions.aliases');
  const mayRunCode = useMay('runCode');
  const columns: readonly Column<FunctionAlias>[] = [
    { name: t('name'), cell: ({ name }) => <Mono>{name}</Mono> },
    { name: t('version'), cell: ({ version }) => <Mono>{version}</Mono> },
    {
      name: t('share'),
      cell: ({ additional }) =>
        additional === null ? (
          <span className="text-ink-3">{t('noShare')}</span>
        ) : (
          t('shareOf', { version: additional.version, percent: Math.round(additional.weight * 100) })
        ),
    },
    {
      name: t('rules'),
      isNumber: true,
      cell: ({ name }) => view.uses.filter(({ qualifier }) => qualifier === name).length,
    },
    {
      name: t('actions'),
      card: 'none',
      className: 'text-right',
      cell: ({ name }) =>
        mayRunCode ? (
          <span className="inline-flex gap-1">
            <IconButton
              size="sm"
              label={t('editName', { alias: name })}
              icon={<Pencil aria-hidden className="size-3.5" />}
              onClick={() => onOpen({ kind: 'set', alias: name })}
            />
            {name === '$DEFAULT' ? null : (
              <IconButton
                size="sm"
                label={t('deleteName', { alias: name })}
                icon={<Trash2 aria-hidden className="size-3.5" />}
                onClick={() => onOpen({ kind: 'delete', alias: name })}
              />
            )}
          </span>
        ) : null,
    },
  ];
  return (
    <DataTable
      label={t('table')}
      columns={columns}
      rows={aliases}
      rowKey={({ name }) => name}
      none={t('empty')}
    />
  );
}

type DialogProps = FunctionPageProps & { readonly onClose: () => void };

/** Creates an alias (`alias` null), or changes its versions and their shares. */
function SetAliasDialog({ alias, onClose, ...props }: DialogProps & { readonly alias: string | null }) {
  const t = useTranslations('functions.aliases');
  const { function: fn, uses } = props.view;
  const change = useChange(props, props.actions.setAlias, onClose);
  const before = alias === null ? null : readAliasTarget(fn, alias);
  const [name, setName] = useState(alias ?? '');
  const [version, setVersion] = useState(before?.version ?? fn.versions[1] ?? '$LATEST');
  const [other, setOther] = useState(before?.additional?.version ?? 'none');
  const [percent, setPercent] = useState(String(before?.additional?.percent ?? 10));
  const [typed, setTyped] = useState('');
  const [isRefused, setRefused] = useState(false);
  const rules = alias === null ? [] : uses.filter(({ qualifier }) => qualifier === alias);
  const versions = fn.versions.map((value) => ({ value, label: value }));
  const isTyped = rules.length === 0 || typed === alias;
  const submit = () => {
    if (!isTyped) {
      setRefused(true);
      return;
    }
    const share = percent.trim() === '' ? Number.NaN : Number(percent);
    const additional = other === 'none' ? null : { version: other, percent: share };
    change.submit({
      change: { kind: 'setAlias', alias: name.trim(), before, after: { version, additional } },
    });
  };
  return (
    <ChangeDialog
      change={change}
      title={alias === null ? t('createTitle', { name: fn.name }) : t('editTitle', { alias })}
      description={t('editText')}
      icon={<Tag aria-hidden />}
      submitLabel={t('save')}
      onClose={onClose}
      onSubmit={submit}
    >
      {rules.length > 0 ? (
        <Callout tone="warn">
          {t('live', { rules: rules.map(({ domain, url }) => `${domain}${url}`).join(', ') })}
        </Callout>
      ) : null}
      {alias === null ? (
        <TextField
          label={t('nameLabel')}
          error={change.fieldError('change.alias', name)}
          value={name}
          onType={setName}
        />
      ) : null}
      <div className="grid items-start gap-3 md:grid-cols-3">
        <Field label={t('versionLabel')} error={change.fieldError('change.after.version', version)}>
          {(control) => (
            <Picker
              {...control}
              options={versions}
              value={version}
              onChange={setVersion}
              placeholder={t('versionLabel')}
            />
          )}
        </Field>
        <Field
          label={t('additionalLabel')}
          error={change.fieldError('change.after.additional.version', other)}
        >
          {(control) => (
            <Picker
              {...control}
              options={[{ value: 'none', label: t('noAdditional') }, ...versions]}
              value={other}
              onChange={setOther}
              placeholder={t('noAdditional')}
            />
          )}
        </Field>
        {other === 'none' ? null : (
          <TextField
            label={t('percentLabel')}
            error={change.fieldError('change.after.additional.percent', percent)}
            inputMode="numeric"
            unit="%"
            value={percent}
            onType={setPercent}
          />
        )}
      </div>
      {rules.length > 0 && alias !== null ? (
        <TypedName
          name={alias}
          typed={typed}
          onType={setTyped}
          error={isRefused && !isTyped ? t('typeExactly') : undefined}
        />
      ) : null}
    </ChangeDialog>
  );
}

function DeleteAliasDialog({ alias, onClose, ...props }: DialogProps & { readonly alias: string }) {
  const t = useTranslations('functions.aliases');
  const change = useChange(props, props.actions.deleteAlias, onClose);
  const [typed, setTyped] = useState('');
  const before = readAliasTarget(props.view.function, alias);
  if (before === null) return null;
  return (
    <ChangeDialog
      change={change}
      title={t('deleteTitle', { alias })}
      description={t('deleteText')}
      icon={<Trash2 aria-hidden />}
      submitLabel={t('delete')}
      onClose={onClose}
      onSubmit={() => change.submit({ change: { kind: 'deleteAlias', alias, before }, typedName: typed })}
    >
      <TypedName name={alias} typed={typed} onType={setTyped} error={change.fieldError('typedName', typed)} />
    </ChangeDialog>
  );
}
