'use client';

import { KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { useOrigin } from '@/components/ui/base/use-origin';
import { Button, IconButton } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { makePasskey } from '@/lib/client/session/passkeys';
import type {
  AddPasskeyAction,
  BeginPasskeyAction,
  PasskeyView,
  RemovePasskeyAction,
  RenamePasskeyAction,
  SecurityView,
} from '@/lib/contract/session';

export type PasskeysPartProps = Pick<SecurityView, 'passkeys' | 'passkeyOrigin'> & {
  readonly beginPasskey: BeginPasskeyAction;
  readonly addPasskey: AddPasskeyAction;
  readonly removePasskey: RemovePasskeyAction;
  readonly renamePasskey: RenamePasskeyAction;
  readonly onChanged: () => void;
};

/** Lists the person's passkeys, adds, renames and removes them. */
export function PasskeysPart(props: PasskeysPartProps) {
  const { passkeys, passkeyOrigin, onChanged } = props;
  const t = useTranslations('security');
  const here = useOrigin();
  const [isAdding, setAdding] = useState(false);
  const removal = useDialog<PasskeyView>();
  const [renamed, setRenamed] = useState<PasskeyView | null>(null);
  return (
    <section
      aria-label={t('passkeysTitle')}
      className="grid grid-cols-[minmax(0,1fr)] justify-items-start gap-2"
    >
      <h3 className="font-semibold">{t('passkeysTitle')}</h3>
      <p className="text-12 text-ink-2">{t('passkeysAbout')}</p>
      {passkeys.length === 0 ? (
        <p className="text-12 text-ink-2">{t('passkeysNone')}</p>
      ) : (
        <ul aria-label={t('passkeysTitle')} className="grid w-full gap-1">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="flex items-start justify-between gap-2">
              <span className="min-w-0 text-12 break-words text-ink-2">
                <PasskeyLine passkey={passkey} />
              </span>
              <span className="flex gap-1">
                <IconButton
                  size="sm"
                  label={t('renamePasskey', { name: passkey.name })}
                  icon={<Pencil aria-hidden />}
                  onClick={() => setRenamed(passkey)}
                />
                <IconButton
                  size="sm"
                  label={t('removePasskey', { name: passkey.name })}
                  icon={<Trash2 aria-hidden />}
                  onClick={() => removal.open(passkey)}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      {here === null || here === passkeyOrigin ? (
        <Button icon={<KeyRound aria-hidden />} onClick={() => setAdding(true)}>
          {t('addPasskey')}
        </Button>
      ) : (
        <OtherAddress here={here} origin={passkeyOrigin} />
      )}
      {isAdding ? (
        <AddDialog
          {...props}
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            onChanged();
          }}
        />
      ) : null}
      <ConfirmAction
        dialog={removal}
        title={({ name }) => t('removePasskeyTitle', { name })}
        text={t('removePasskeyText')}
        confirmLabel={t('removeNow')}
        action={props.removePasskey}
        input={({ id }) => ({ id })}
        onDone={onChanged}
      />
      {renamed === null ? null : (
        <RenameDialog
          passkey={renamed}
          renamePasskey={props.renamePasskey}
          onClose={() => setRenamed(null)}
          onRenamed={() => {
            setRenamed(null);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

/** A passkey's name, the place where it is kept, and when it was used. */
function PasskeyLine({ passkey: { name, isSynced, otherHost, since, usedAt } }: { passkey: PasskeyView }) {
  const t = useTranslations('security');
  const common = {
    name: () => <span className="font-semibold text-ink">{name}</span>,
    since: () => <Time at={since} />,
  };
  if (otherHost !== null) return t.rich('passkeyOther', { ...common, host: otherHost });
  return t.rich('passkey', {
    ...common,
    isSynced: String(isSynced),
    isUsed: String(usedAt !== null),
    used: () => (usedAt === null ? null : <Time at={usedAt} />),
  });
}

type OtherAddressProps = { readonly here: string; readonly origin: string };

/** Explains that no passkey can be made at this address, and what to do. */
function OtherAddress({ here, origin }: OtherAddressProps) {
  const t = useTranslations('security');
  const link = (text: ReactNode) => <TextLink href={`${origin}${location.pathname}`}>{text}</TextLink>;
  const { hostname } = new URL(here);
  const isLocal = hostname === '127.0.0.1' || hostname === '[::1]';
  const text = /^[\d.]+$|^\[/.test(hostname)
    ? isLocal
      ? t.rich('passkeyLocal', { origin, link })
      : t('passkeyNetwork')
    : t.rich('passkeyElsewhere', { origin, link });
  return <p className="text-12 text-ink-2">{text}</p>;
}

type AddDialogProps = Pick<PasskeysPartProps, 'beginPasskey' | 'addPasskey'> & {
  readonly onClose: () => void;
  readonly onAdded: () => void;
};

function AddDialog({ beginPasskey, addPasskey, onClose, onAdded }: AddDialogProps) {
  const t = useTranslations('security');
  const [name, setName] = useState('');
  const action = useAction(() => makePasskey(name, { beginPasskey, addPasskey }), onAdded);
  return (
    <FormDialog
      title={t('addPasskeyTitle')}
      description={t('addPasskeyAbout')}
      submitLabel={t('addPasskey')}
      isBusy={action.isBusy}
      onClose={onClose}
      onSubmit={() => action.send(null)}
      below={<ActionFailure action={action} />}
    >
      <TextField
        label={t('passkeyName')}
        note={t('passkeyNameNote')}
        error={action.fieldError('name', name)}
        value={name}
        maxLength={80}
        onType={setName}
      />
    </FormDialog>
  );
}

type RenameDialogProps = Pick<PasskeysPartProps, 'renamePasskey'> & {
  readonly passkey: PasskeyView;
  readonly onClose: () => void;
  readonly onRenamed: () => void;
};

function RenameDialog({ passkey, renamePasskey, onClose, onRenamed }: RenameDialogProps) {
  const t = useTranslations('security');
  const [name, setName] = useState(passkey.name);
  const action = useAction(renamePasskey, onRenamed);
  return (
    <FormDialog
      title={t('renamePasskeyTitle', { name: passkey.name })}
      submitLabel={t('renameNow')}
      isBusy={action.isBusy}
      onClose={onClose}
      onSubmit={() => action.send({ id: passkey.id, name })}
      below={<ActionFailure action={action} />}
    >
      <TextField
        label={t('passkeyName')}
        note={t('passkeyNameNote')}
        error={action.fieldError('name', name)}
        value={name}
        maxLength={80}
        onType={setName}
      />
    </FormDialog>
  );
}
