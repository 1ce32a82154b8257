'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { useMessage } from '@/components/ui/use-message';
import { pageAfterSignIn, sendSignIn, ssoPath } from '@/lib/client/session/session';
import type { SignInWaysView } from '@/lib/contract/session';
import { PasskeySignIn } from './passkey-sign-in';
import { SessionField } from './session-field';
import { SessionFrame } from './session-frame';

type SsoSignInProps = {
  readonly sso: NonNullable<SignInWaysView['sso']>;
  readonly next: string | null;
};

/** Links to the provider of single sign-on. */
function SsoSignIn({ sso: { name, isOnly }, next }: SsoSignInProps) {
  const t = useTranslations('session.signIn');
  return (
    <>
      <Button variant="primary" onClick={() => location.assign(ssoPath('signIn', next))}>
        {t('sso', { name })}
      </Button>
      {isOnly ? <p className="text-12 text-ink-2">{t('ssoOnly')}</p> : null}
    </>
  );
}

/** The reason why a sign-in at the provider failed, and what to do. */
function SsoFailure({ problem }: { readonly problem: string }) {
  const message = useMessage('ui.refusal');
  return <FailureCallout>{message(problem)}</FailureCallout>;
}

type SignInFormProps = {
  /** The page to open afterwards, as the address names it; null = the overview. */
  readonly next: string | null;
  readonly ways: SignInWaysView;
  /** The reason why single sign-on has failed; null = it has not. */
  readonly problem: string | null;
};

/** Signs a person in by e-mail address and password, by a passkey or at a provider, and opens the page that they asked for. */
export function SignInForm({ next, ways: { passkeyOrigin, sso }, problem }: SignInFormProps) {
  const t = useTranslations('session.signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  // The server asks for a code after the password, and never before.
  const [asksCode, setAsksCode] = useState(false);
  const enter = () => location.assign(pageAfterSignIn(next));
  const action = useAction(sendSignIn, enter);
  const codeError = action.fieldError('code', code);
  if (codeError !== undefined && !asksCode) setAsksCode(true);
  return (
    <SessionFrame title={t('title')}>
      {problem === null ? null : <SsoFailure problem={problem} />}
      {sso === null ? null : <SsoSignIn sso={sso} next={next} />}
      <form
        // Without code, a form must not put the password into the address.
        method="post"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          action.send({ email, password, code });
        }}
      >
        <SessionField
          label={t('email')}
          error={action.fieldError('email', email)}
          name="email"
          autoComplete="username"
          value={email}
          onType={setEmail}
        />
        <SessionField
          label={t('password')}
          error={action.fieldError('password', password)}
          name="password"
          autoComplete="current-password"
          value={password}
          onType={setPassword}
        />
        {asksCode ? (
          <SessionField
            label={t('code')}
            note={t('codeNote')}
            // The first answer only asks for it.
            error={code === '' ? undefined : codeError}
            name="code"
            autoComplete="one-time-code"
            value={code}
            onType={setCode}
          />
        ) : null}
        <ActionFailure action={action} />
        <Button type="submit" variant={sso === null ? 'primary' : 'default'} busy={action.isBusy}>
          {t('submit')}
        </Button>
      </form>
      {passkeyOrigin === null ? null : <PasskeySignIn origin={passkeyOrigin} onSignedIn={enter} />}
    </SessionFrame>
  );
}
