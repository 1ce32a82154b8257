'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { pageAfterSignIn, sendSignIn } from '@/lib/client/session';
import { SessionField } from './session-field';
import { SessionFrame } from './session-frame';

type SignInFormProps = {
  /** The page to open afterwards, as the address names it; null = the overview. */
  readonly next: string | null;
};

/** Signs a person in by e-mail address and password, and opens the page that they asked for. */
export function SignInForm({ next }: SignInFormProps) {
  const t = useTranslations('session.signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const action = useAction(sendSignIn, () => location.assign(pageAfterSignIn(next)));
  return (
    <SessionFrame title={t('title')}>
      <form
        // Without code, a form must not put the password into the address.
        method="post"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          action.send({ email, password });
        }}
      >
        <SessionField
          label={t('email')}
          error={action.fieldError('email')}
          name="email"
          autoComplete="username"
          value={email}
          onType={setEmail}
        />
        <SessionField
          label={t('password')}
          error={action.fieldError('password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onType={setPassword}
        />
        <ActionFailure action={action} />
        <Button type="submit" variant="primary" busy={action.isBusy}>
          {t('submit')}
        </Button>
      </form>
    </SessionFrame>
  );
}
