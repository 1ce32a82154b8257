'use client';

import { LogOut, Pencil, SmartphoneNfc, Trash2, UserPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Button, IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { ConnectionChoice } from '@/lib/contract/connection';
import type {
  EndSessionsAction,
  InviteUserAction,
  RemoveUserAction,
  ResetSecondFactorAction,
  SetSignInPolicyAction,
  SetUserGrantsAction,
  UsersView,
  UserView,
} from '@/lib/contract/user';
import { type Grants, grantEverywhere } from '@/lib/policy/access';
import { routes } from '@/lib/routes';
import { GrantsFields, GrantText } from './grants-fields';

export type AccountsPanelProps = {
  readonly people: UsersView;
  readonly connections: readonly ConnectionChoice[];
  readonly inviteUser: InviteUserAction;
  readonly setUserGrants: SetUserGrantsAction;
  readonly removeUser: RemoveUserAction;
  readonly endSessions: EndSessionsAction;
  readonly resetSecondFactor: ResetSecondFactorAction;
  readonly setSignInPolicy: SetSignInPolicyAction;
  readonly onChanged: () => void;
};

/** A change of an account. */
type Change = {
  readonly user: UserView;
  readonly change: 'endSessions' | 'grants' | 'remove' | 'resetFactor';
};

/** The people who may sign in, with their roles. Only administrators see it. */
export function AccountsPanel(props: AccountsPanelProps) {
  const { people, connections, inviteUser, setSignInPolicy, onChanged, ...actions } = props;
  const t = useTranslations('accounts');
  const dialog = useDialog<Change>();
  const policy = useAction(setSignInPolicy, onChanged);
  const columns: readonly Column<UserView>[] = [
    {
      name: t('person'),
      cell: ({ name, email, isSelf }) => (
        <span className="grid min-w-0">
          <span className="font-semibold">
            {name} {isSelf ? <Chip>{t('you')}</Chip> : null}
          </span>
          <span className="break-all text-ink-2">{email}</span>
        </span>
      ),
    },
    {
      name: t('lastUse'),
      cell: ({ usedAt }) => (usedAt === null ? t('notSignedIn') : <Time at={usedAt} />),
    },
    {
      name: t('roles'),
      cell: ({ grants }) =>
        grants.map((grant) => (
          <GrantText key={JSON.stringify(grant)} grant={grant} connections={connections} />
        )),
    },
    {
      name: '',
      cell: (user) => (
        <span className="flex justify-end">
          <IconButton
            size="sm"
            className="max-md:hidden"
            label={t('changeRoles', { email: user.email })}
            icon={<Pencil aria-hidden />}
            onClick={() => dialog.open({ user, change: 'grants' })}
          />
          {(user.hasSecondFactor || user.hasPasskey) && !user.isSelf ? (
            <IconButton
              size="sm"
              className="max-md:hidden"
              label={t('resetFactor', { email: user.email })}
              icon={<SmartphoneNfc aria-hidden />}
              onClick={() => dialog.open({ user, change: 'resetFactor' })}
            />
          ) : null}
          {user.usedAt === null || user.isSelf ? null : (
            <IconButton
              size="sm"
              className="max-md:hidden"
              label={t('endSessions', { email: user.email })}
              icon={<LogOut aria-hidden />}
              onClick={() => dialog.open({ user, change: 'endSessions' })}
            />
          )}
          <IconButton
            size="sm"
            label={t('remove', { email: user.email })}
            icon={<Trash2 aria-hidden />}
            onClick={() => dialog.open({ user, change: 'remove' })}
          />
        </span>
      ),
    },
  ];
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        <div className="grid gap-1">
          <label className="inline-flex min-h-6 items-center gap-1.5">
            <input
              type="checkbox"
              className="accent-accent"
              disabled={policy.isBusy}
              checked={people.isSecondFactorRequired}
              onChange={(event) => policy.send({ isSecondFactorRequired: event.target.checked })}
            />
            {t('requireFactor')}
          </label>
          <p className="text-12 text-ink-2">{t('requireFactorNote')}</p>
          <ActionFailure action={policy} />
        </div>
        <DataTable label={t('title')} columns={columns} rows={people.users} rowKey={({ id }) => id} />
        {people.links.length === 0 ? null : (
          <ul aria-label={t('links')} className="grid gap-1 text-12 text-ink-2">
            {people.links.map(({ id, email, grants, expiresAt }) => (
              <li key={id} className="break-all">
                {t.rich('link', {
                  email: email ?? 'none',
                  roles: grants.map(({ role }) => t(`role.${role}`)).join(', '),
                  time: () => <Time at={expiresAt} />,
                })}
              </li>
            ))}
          </ul>
        )}
        <Invite {...{ connections, inviteUser, onChanged }} />
        {dialog.subject === null ? null : (
          <ConfirmChange
            key={dialog.key}
            {...dialog.subject}
            isOpen={dialog.isOpen}
            onClose={dialog.close}
            {...actions}
            connections={connections}
            onChanged={onChanged}
          />
        )}
      </div>
    </Panel>
  );
}

/** Creates a set-up link and shows it once: the server stores only its hash. */
function Invite({
  connections,
  inviteUser,
  onChanged,
}: Pick<AccountsPanelProps, 'connections' | 'inviteUser' | 'onChanged'>) {
  const t = useTranslations('accounts');
  const [isOpen, setOpen] = useState(false);
  const [email, setEmail] = useState('');
  /** The address of a removed account, of which the person has been told. */
  const [former, setFormer] = useState<string | null>(null);
  const [grants, setGrants] = useState<Grants>(grantEverywhere('viewer'));
  const [address, setAddress] = useState<string | null>(null);
  const inviteOrTell: InviteUserAction = async (input) => {
    const answer = await inviteUser(input);
    if (!answer.ok && answer.error.form?.message === 'user.formerAddress') setFormer(input.email);
    return answer;
  };
  const invite = useAction(inviteOrTell, ({ token }) => {
    setOpen(false);
    setEmail('');
    setAddress(`${window.location.origin}${routes.setUp(token)}`);
    onChanged();
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="max-md:hidden">
        <Button icon={<UserPlus aria-hidden />} onClick={() => setOpen(true)}>
          {t('inviteAction')}
        </Button>
      </div>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('invite')}
        action={
          <Button
            variant="primary"
            busy={invite.isBusy}
            onClick={() => invite.send({ email, grants, reuse: former === email })}
          >
            {t('createLink')}
          </Button>
        }
      >
        <TextField
          label={t('email')}
          note={t('emailNote')}
          error={invite.fieldError('email', email)}
          value={email}
          onType={setEmail}
        />
        <GrantsFields {...{ grants, connections }} onChange={setGrants} errorOf={invite.fieldError} />
        <ActionFailure action={invite} />
      </Dialog>
      {address === null ? null : (
        <div role="status">
          <Banner title={t('address')}>
            <span className="block min-w-0 break-all">
              <Copyable value={address} />
            </span>
          </Banner>
        </div>
      )}
    </div>
  );
}

type ConfirmChangeProps = Omit<AccountsPanelProps, 'people' | 'inviteUser' | 'setSignInPolicy'> &
  Change & { readonly isOpen: boolean; readonly onClose: () => void };

/** Asks for the new roles or a confirmation, then changes an account. */
function ConfirmChange(props: ConfirmChangeProps) {
  const { user, change, connections, isOpen, onClose, onChanged, ...actions } = props;
  const t = useTranslations('accounts');
  const { id, email } = user;
  const [grants, setGrants] = useState<Grants>(user.grants);
  const action = useAction(
    () => {
      if (change === 'remove') return actions.removeUser(id);
      if (change === 'endSessions') return actions.endSessions(id);
      if (change === 'resetFactor') return actions.resetSecondFactor(id);
      return actions.setUserGrants({ id, grants });
    },
    () => {
      onClose();
      onChanged();
    },
  );
  const texts = {
    remove: { title: t('removeTitle', { email }), text: t('removeText'), button: t('removeNow') },
    endSessions: { title: t('endTitle', { email }), text: t('endText'), button: t('endNow') },
    resetFactor: { title: t('resetTitle', { email }), text: t('resetText'), button: t('resetNow') },
    grants: { title: t('changeTitle', { email }), text: undefined, button: t('changeNow') },
  };
  const text = texts[change];
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={text.title}
      {...(text.text !== undefined && { description: text.text })}
      action={
        <Button
          variant={change === 'remove' ? 'dangerSolid' : 'primary'}
          busy={action.isBusy}
          onClick={() => action.send(null)}
        >
          {text.button}
        </Button>
      }
    >
      {change === 'grants' ? (
        <GrantsFields {...{ grants, connections }} onChange={setGrants} errorOf={action.fieldError} />
      ) : null}
      <ActionFailure action={action} />
    </Dialog>
  );
}
