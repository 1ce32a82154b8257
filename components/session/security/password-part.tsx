'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SessionField } from '@/components/session/session-field';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { changePasswordWithPasskey } from '@/lib/client/session/passkeys';
import { sendPasswordChange } from '@/lib/client/session/session';

type PasswordPartProps = {
  readonly passwordMin: number;
  /** The factor that confirms a change besides the current password; null = the person has none. */
  readonly factor: 'code' | 'passkey' | null;
};

/** Changes the person's password. */
export function PasswordPart(props: PasswordPartProps) {
  const t = useTranslations('security');
  const [isOpen, setOpen] = useState(false);
  const [isChanged, setChanged] = useState(false);
  return (
    <section aria-label={t('passwordTitle')} className="grid justify-items-start gap-2">
      <h3 className="font-semibold">{t('passwordTitle')}</h3>
      <Button onClick={() => setOpen(true)}>{t('changePassword')}</Button>
      <p role="status" className="text-12 text-ink-2">
        {isChanged ? t('passwordChanged') : null}
      </p>
      {isOpen ? (
        <PasswordDialog
          {...props}
          onClose={() => setOpen(false)}
          onChanged={() => {
            setOpen(false);
            setChanged(true);
          }}
        />
      ) : null}
    </section>
  );
}

type PasswordDialogProps = PasswordPartProps & {
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

function PasswordDialog({ passwordMin, factor, onClose, onChanged }: PasswordDialogProps) {
  const t = useTranslations('security');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [revokeTokens, setRevokeTokens] = useState(false);
  const action = useAction(factor === 'passkey' ? changePasswordWithPasskey : sendPasswordChange, onChanged);
  return (
    <FormDialog
      title={t('changePassword')}
      description={t(factor === 'passkey' ? 'passwordAboutPasskey' : 'passwordAbout')}
      submitLabel={t('changePassword')}
      isBusy={action.isBusy}
      onClose={onClose}
      onSubmit={() => action.send({ current, password, code: factor === 'code' ? code : null, revokeTokens })}
      below={<ActionFailure action={action} />}
    >
      <SessionField
        label={t('current')}
        error={action.fieldError('current', current)}
        name="password"
        autoComplete="current-password"
        value={current}
        onType={setCurrent}
      />
      <SessionField
        label={t('new')}
        note={t('newNote', { min: passwordMin })}
        error={action.fieldError('password', password)}
        name="password"
        autoComplete="new-password"
        value={password}
        onType={setPassword}
      />
      {factor === 'code' ? (
        <SessionField
          label={t('code')}
          note={t('codeNote')}
          error={action.fieldError('code', code)}
          name="code"
          autoComplete="one-time-code"
          value={code}
          onType={setCode}
        />
      ) : null}
      <label className="inline-flex min-h-6 items-center gap-1.5">
        <input
          type="checkbox"
          className="accent-accent"
          checked={revokeTokens}
          onChange={({ target }) => setRevokeTokens(target.checked)}
        />
        {t('revokeTokens')}
      </label>
    </FormDialog>
  );
}
