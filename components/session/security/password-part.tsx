'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SessionField } from '@/components/session/session-field';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { sendPasswordChange } from '@/lib/client/session/session';

type PasswordPartProps = { readonly passwordMin: number };

/** Changes the person's password. */
export function PasswordPart({ passwordMin }: PasswordPartProps) {
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
          passwordMin={passwordMin}
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

function PasswordDialog({ passwordMin, onClose, onChanged }: PasswordDialogProps) {
  const t = useTranslations('security');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const action = useAction(sendPasswordChange, onChanged);
  return (
    <FormDialog
      title={t('changePassword')}
      description={t('passwordAbout')}
      submitLabel={t('changePassword')}
      isBusy={action.isBusy}
      onClose={onClose}
      onSubmit={() => action.send({ current, password })}
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
    </FormDialog>
  );
}
