'use client';

import { KeyRound, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Person } from '@/components/ui/base/person';
import { Button, IconButton } from '@/components/ui/button';
import { Copyable, Mono } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { Time } from '@/components/ui/time';
import type { ConnectionChoice } from '@/lib/contract/connection';
import type { CreateTokenAction, RevokeTokenAction, TokenView } from '@/lib/contract/user';
import { type Limits, noLimits } from '@/lib/policy/access';
import { includesRole, type Role, tokenRoles } from '@/lib/policy/roles';
import { GrantText, LimitFields } from './grants-fields';

export type TokensPanelProps = {
  readonly tokens: readonly TokenView[];
  /** The role of the person who uses this page. */
  readonly role: Role;
  readonly connections: readonly ConnectionChoice[];
  readonly createToken: CreateTokenAction;
  readonly revokeToken: RevokeTokenAction;
  readonly onChanged: () => void;
};

/** The tokens of programs. A person sees their own, an administrator everyone's. */
export function TokensPanel({
  tokens,
  role,
  connections,
  createToken,
  revokeToken,
  onChanged,
}: TokensPanelProps) {
  const t = useTranslations('tokens');
  const revocation = useDialog<TokenView>();
  const creation = useDialog<null>();
  const columns: readonly Column<TokenView>[] = [
    {
      name: t('name'),
      cell: ({ name, prefix, owner, createdAt }) => (
        <span className="grid min-w-0">
          <span className="font-semibold">{name}</span>
          <span className="break-all text-ink-2">
            <Mono>{prefix}…</Mono> · <Person address={owner} at={createdAt} />
          </span>
        </span>
      ),
    },
    {
      name: t('role'),
      cell: ({ role, limits }) => (
        <GrantText grant={{ role, ...(limits ?? noLimits) }} connections={connections} />
      ),
    },
    {
      name: t('expires'),
      cell: ({ expiresAt, isExpired }) => (isExpired ? t('expired') : <Time at={expiresAt} />),
    },
    {
      name: t('lastUse'),
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('never') : <Time at={lastUsedAt} />),
    },
    {
      name: '',
      cell: (token) => (
        <span className="flex justify-end">
          <IconButton
            size="sm"
            label={t('revoke', { name: token.name })}
            icon={<Trash2 aria-hidden />}
            onClick={() => revocation.open(token)}
          />
        </span>
      ),
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={tokens}
      rowKey={({ id }) => id}
    >
      <div className="max-md:hidden">
        <Button icon={<KeyRound aria-hidden />} onClick={() => creation.open(null)}>
          {t('create')}
        </Button>
      </div>
      <CreateToken
        key={`create ${creation.key}`}
        {...{ role, connections, createToken, onChanged }}
        isOpen={creation.isOpen}
        onClose={creation.discard}
      />
      <ConfirmAction
        dialog={revocation}
        title={({ name }) => t('revokeTitle', { name })}
        text={t('revokeText')}
        confirmLabel={t('revokeNow')}
        cancelLabel={t('keep')}
        action={revokeToken}
        input={({ id }) => ({ id })}
        onDone={onChanged}
      />
    </TablePanel>
  );
}

/** The offered validities. A short one limits the harm of a token that is leaked. */
const validities = [7, 30, 90, 365] as const;

type CreateTokenProps = Pick<TokensPanelProps, 'role' | 'connections' | 'createToken' | 'onChanged'> & {
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Creates a token and shows it once: the server stores only its hash. */
function CreateToken(props: CreateTokenProps) {
  const { role: own, connections, createToken, onChanged, isOpen, onClose } = props;
  const t = useTranslations('tokens');
  const about = useTranslations('accounts');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [limits, setLimits] = useState<Limits>(noLimits);
  const [days, setDays] = useState<number>(90);
  const [token, setToken] = useState<string | null>(null);
  const create = useAction(createToken, (made) => {
    setToken(made.token);
    onChanged();
  });
  const offered = tokenRoles.filter((each) => includesRole(own, each));
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('createTitle')}
      {...(token !== null && { cancelLabel: t('close') })}
      action={
        token === null ? (
          <Button
            variant="primary"
            busy={create.isBusy}
            onClick={() => create.send({ name, role, limits, days })}
          >
            {t('createNow')}
          </Button>
        ) : null
      }
    >
      {token === null ? (
        <div className="grid gap-3">
          <TextField
            label={t('name')}
            note={t('nameHint')}
            error={create.fieldError('name', name)}
            value={name}
            onType={setName}
          />
          <Field label={t('role')} note={about(`may.${role}`)}>
            {(control) => (
              <Select
                {...control}
                value={role}
                options={offered.map((each) => ({ value: each, label: about(`role.${each}`) }))}
                onChange={setRole}
              />
            )}
          </Field>
          <LimitFields
            limits={limits}
            connections={connections}
            onChange={setLimits}
            errorOf={(field, value) => create.fieldError(`limits.${field}`, value)}
          />
          <Field label={t('validity')}>
            {(control) => (
              <Select
                {...control}
                value={String(days)}
                options={validities.map((each) => ({
                  value: String(each),
                  label: t('days', { days: each }),
                }))}
                onChange={(each) => setDays(Number(each))}
              />
            )}
          </Field>
          <ActionFailure action={create} />
        </div>
      ) : (
        <div role="status">
          <Banner title={t('value')}>
            <span className="block min-w-0 break-all">
              <Copyable value={token} />
            </span>
          </Banner>
        </div>
      )}
    </Dialog>
  );
}
