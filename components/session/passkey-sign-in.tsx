'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { useOrigin } from '@/components/ui/base/use-origin';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/text-link';
import { sendPasskeySignIn } from '@/lib/client/session/passkeys';

type PasskeySignInProps = {
  /** The address at which passkeys sign in. */
  readonly origin: string;
  readonly onSignedIn: () => void;
};

/** Signs a person in by a passkey alone; at another address, links to the one where that is possible. */
export function PasskeySignIn({ origin, onSignedIn }: PasskeySignInProps) {
  const t = useTranslations('session.signIn');
  const here = useOrigin();
  const action = useAction(sendPasskeySignIn, onSignedIn);
  if (here === null) return null;
  if (here !== origin)
    return (
      <p className="text-12 text-ink-2">
        {t.rich('passkeyElsewhere', {
          origin,
          link: (text) => (
            <TextLink href={`${origin}${location.pathname}${location.search}`}>{text}</TextLink>
          ),
        })}
      </p>
    );
  return (
    <>
      <Button busy={action.isBusy} onClick={() => action.send(null)}>
        {t('passkey')}
      </Button>
      <ActionFailure action={action} />
    </>
  );
}
