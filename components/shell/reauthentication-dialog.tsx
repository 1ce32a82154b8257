'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { useOrigin } from '@/components/ui/base/use-origin';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { confirmWithPasskey } from '@/lib/client/session/passkeys';
import { sendReauthentication, ssoPath } from '@/lib/client/session/session';

type ReauthenticationDialogProps = {
  /** The proof that the server wants. */
  readonly by: 'password' | 'code';
  /** The address at which a passkey is accepted instead; null = the person has none. */
  readonly passkeyOrigin: string | null;
  /** The name of the provider at which the person signs in; null = they sign in here. */
  readonly provider: string | null;
  readonly onCancel: () => void;
  readonly onConfirmed: () => void;
};

/** Asks for the person's password or a code of their second factor, or for a passkey. The command that needs it is sent again afterwards. */
export function ReauthenticationDialog(props: ReauthenticationDialogProps) {
  return (
    <>
      {props.provider === null ? (
        <ProofDialog {...props} />
      ) : (
        <ProviderDialog {...props} provider={props.provider} />
      )}
    </>
  );
}

/** Closes this dialog alone with Esc, not the one below that the command was given in. */
function useOwnEscape(onCancel: () => void): void {
  const cancel = useEffectEvent(onCancel);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      cancel();
    };
    addEventListener('keydown', close, true);
    return () => removeEventListener('keydown', close, true);
  }, []);
}

type ProviderDialogProps = Pick<ReauthenticationDialogProps, 'onCancel' | 'onConfirmed'> & {
  readonly provider: string;
};

/** Asks the person to sign in again at the provider, in a tab of its own: this page keeps its input. */
function ProviderDialog({ provider, onCancel, onConfirmed }: ProviderDialogProps) {
  const t = useTranslations('session.reauthenticate');
  useOwnEscape(onCancel);
  return (
    <FormDialog
      title={t('title')}
      description={t('ssoAbout', { provider })}
      submitLabel={t('ssoDone')}
      onClose={onCancel}
      onSubmit={onConfirmed}
    >
      <div>
        <Button onClick={() => window.open(ssoPath('confirm', null), '_blank', 'noopener')}>
          {t('ssoOpen', { provider })}
        </Button>
      </div>
    </FormDialog>
  );
}

function ProofDialog({ by, passkeyOrigin, onCancel, onConfirmed }: ReauthenticationDialogProps) {
  const t = useTranslations('session.reauthenticate');
  const [proof, setProof] = useState('');
  useOwnEscape(onCancel);
  const action = useAction(sendReauthentication, onConfirmed);
  const passkey = useAction(confirmWithPasskey, onConfirmed);
  const here = useOrigin();
  return (
    <FormDialog
      title={t('title')}
      description={t('about')}
      submitLabel={t('submit')}
      isBusy={action.isBusy}
      onClose={onCancel}
      onSubmit={() => action.send({ password: null, code: null, [by]: proof })}
      below={
        <>
          <ActionFailure action={action} />
          {here !== null && here === passkeyOrigin ? (
            <div>
              <Button busy={passkey.isBusy} onClick={() => passkey.send(null)}>
                {t('passkey')}
              </Button>
            </div>
          ) : null}
          <ActionFailure action={passkey} />
        </>
      }
    >
      <TextField
        label={t(by)}
        note={by === 'code' ? t('codeNote') : undefined}
        error={action.fieldError(by, proof)}
        name={by}
        type={by === 'code' ? 'text' : 'password'}
        autoComplete={by === 'code' ? 'one-time-code' : 'current-password'}
        value={proof}
        onType={setProof}
      />
    </FormDialog>
  );
}
