'use client';

import { PackageCheck, Trash2, Zap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { TextField } from '@/components/ui/forms/text-field';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionView } from '@/lib/contract/function';
import type { FunctionVersionFacts } from '@/lib/estate/functions/function-reading';
import { routes } from '@/lib/routes';
import { AliasesPanel } from './aliases-panel';
import { ChangeDialog, TypedName } from './change-dialog';
import type { FunctionPageProps } from './function-props';
import { PartFrame } from './part-frame';
import { statusTone } from './status-tone';
import { useChange } from './use-change';
import { WarmDialog } from './warm-dialog';

/** Returns the aliases that route calls to a version, by name. */
function namingAliases({ function: fn }: FunctionView, version: string): readonly string[] {
  return (fn.aliases ?? [])
    .filter((alias) => alias.version === version || alias.additional?.version === version)
    .map(({ name }) => name);
}

type Open = { readonly kind: 'publish' } | { readonly kind: 'warm' | 'delete'; readonly version: string };

/** The versions of a function, and its aliases. */
export function VersionsTab(props: FunctionPageProps) {
  const t = useTranslations('functions.versions');
  const mayRunCode = useMay('runCode');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Panel
        flush
        title={t('title')}
        aside={
          mayRunCode ? (
            <Button
              size="sm"
              className="max-md:hidden"
              icon={<PackageCheck aria-hidden />}
              onClick={() => setOpen({ kind: 'publish' })}
            >
              {t('publish')}
            </Button>
          ) : null
        }
      >
        <div className="px-0 [&>div>p]:px-4">
          <PartFrame
            {...props}
            part={{ part: 'versions' }}
            none={<EmptyState icon={null} title={t('none')} />}
          >
            {(versions) => <VersionTable {...props} versions={versions} onOpen={setOpen} />}
          </PartFrame>
        </div>
      </Panel>
      <AliasesPanel {...props} />
      {open?.kind === 'publish' ? <PublishDialog {...props} onClose={close} /> : null}
      {open?.kind === 'warm' ? <WarmDialog {...props} version={open.version} onClose={close} /> : null}
      {open?.kind === 'delete' ? (
        <DeleteVersionDialog {...props} version={open.version} onClose={close} />
      ) : null}
    </>
  );
}

type VersionTableProps = FunctionPageProps & {
  readonly versions: readonly FunctionVersionFacts[];
  readonly onOpen: (open: Open) => void;
};

function VersionTable({ connection, view, versions, onOpen }: VersionTableProps) {
  const t = useTranslations('functions.versions');
  const mayRunCode = useMay('runCode');
  const maySetWarm = useMay('operate');
  const fn = view.function;
  const columns: readonly Column<FunctionVersionFacts>[] = [
    {
      name: t('version'),
      cell: ({ version }) => (
        <TextLink
          href={`${routes.function(connection.id, fn)}?version=${encodeURIComponent(version)}`}
          title={t('showCode')}
        >
          <Mono>{version}</Mono>
        </TextLink>
      ),
    },
    {
      name: t('description'),
      className: 'md:max-w-80 break-words',
      cell: ({ description }) => description || <span className="text-ink-3">{t('noDescription')}</span>,
    },
    {
      name: t('created'),
      cell: ({ createdAt }) =>
        createdAt === null ? <span className="text-ink-3">{t('none')}</span> : <Time at={createdAt} />,
    },
    {
      name: t('status'),
      cell: ({ status }) => <Status tone={statusTone(status)}>{status}</Status>,
    },
    { name: t('aliases'), cell: ({ version }) => namingAliases(view, version).join(', ') || t('none') },
    {
      name: t('rules'),
      isNumber: true,
      cell: ({ version }) => view.uses.filter(({ qualifier }) => qualifier === version).length,
    },
    {
      name: t('warm'),
      isNumber: true,
      cell: ({ version }) => <Warm view={view} version={version} />,
    },
    {
      name: t('actions'),
      card: 'none',
      className: 'text-right',
      cell: ({ version }) =>
        version === '$LATEST' ? null : (
          <span className="inline-flex gap-1">
            {maySetWarm ? (
              <IconButton
                size="sm"
                label={t('setWarmName', { version })}
                icon={<Zap aria-hidden className="size-3.5" />}
                onClick={() => onOpen({ kind: 'warm', version })}
              />
            ) : null}
            {mayRunCode ? (
              <IconButton
                size="sm"
                label={t('deleteName', { version })}
                icon={<Trash2 aria-hidden className="size-3.5" />}
                onClick={() => onOpen({ kind: 'delete', version })}
              />
            ) : null}
          </span>
        ),
    },
  ];
  return <DataTable label={t('table')} columns={columns} rows={versions} rowKey={({ version }) => version} />;
}

/** The warm instances of a version: ready of requested. */
function Warm({ view, version }: Pick<FunctionPageProps, 'view'> & { readonly version: string }) {
  const t = useTranslations('functions');
  const { provisioned } = view.function;
  if (provisioned === null) return <span className="text-ink-3">{t('unread')}</span>;
  const found = provisioned.find(({ qualifier }) => qualifier === version);
  return found === undefined || found.allocated === 0 ? (
    <span className="text-ink-3">{t('noWarm')}</span>
  ) : (
    t('warm', { ready: found.available, count: found.allocated })
  );
}

type DialogProps = FunctionPageProps & { readonly onClose: () => void };

function PublishDialog({ onClose, ...props }: DialogProps) {
  const t = useTranslations('functions.versions');
  const change = useChange(props, props.actions.publishVersion, onClose);
  const [description, setDescription] = useState('');
  return (
    <ChangeDialog
      change={change}
      title={t('publishTitle', { name: props.view.function.name })}
      description={t('publishText')}
      icon={<PackageCheck aria-hidden />}
      submitLabel={t('publish')}
      onClose={onClose}
      onSubmit={() => change.submit({ change: { kind: 'publish', description } })}
    >
      <TextField
        label={t('descriptionLabel')}
        error={change.fieldError('change.description', description)}
        value={description}
        onType={setDescription}
      />
    </ChangeDialog>
  );
}

function DeleteVersionDialog({ onClose, version, ...props }: DialogProps & { readonly version: string }) {
  const t = useTranslations('functions');
  const change = useChange(props, props.actions.deleteVersion, onClose);
  const [typed, setTyped] = useState('');
  const aliases = namingAliases(props.view, version);
  return (
    <ChangeDialog
      change={change}
      title={t('versions.deleteTitle', { version, name: props.view.function.name })}
      description={
        aliases.length > 0
          ? t('change.usedByAlias', { aliases: aliases.join(', ') })
          : t('versions.deleteText')
      }
      icon={<Trash2 aria-hidden />}
      submitLabel={t('versions.delete')}
      onClose={onClose}
      onSubmit={() => change.submit({ change: { kind: 'deleteVersion', version }, typedName: typed })}
    >
      <TypedName
        name={version}
        typed={typed}
        onType={setTyped}
        error={change.fieldError('typedName', typed)}
      />
    </ChangeDialog>
  );
}
