'use client';

import { useTranslations } from 'next-intl';
import { FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { useMessage } from '@/components/ui/use-message';
import { ssoPath } from '@/lib/client/session/session';
import type { SignInWaysView } from '@/lib/contract/session';

type SsoSignInProps = {
  readonly sso: NonNullable<SignInWaysView['sso']>;
  readonly next: string | null;
};

/** Links to the provider of single sign-on. */
export function SsoSignIn({ sso: { name, isOnly }, next }: SsoSignInProps) {
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
export function SsoFailure({ problem }: { readonly problem: string }) {
  const message = useMessage('ui.refusal');
  return <FailureCallout>{message(problem)}</FailureCallout>;
}
