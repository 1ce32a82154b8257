'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SessionFrame } from '@/components/session/session-frame';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { pageAfterSignIn, sendSignOut } from '@/lib/client/session/session';
import type { SecurityView } from '@/lib/contract/session';
import { routes } from '@/lib/routes';
import { PasskeysPart, type PasskeysPartProps } from './passkeys-part';
import { PasswordPart } from './password-part';
import { SecondFactorPart, type SecondFactorPartProps } from './second-factor-part';

export type SecurityPanelProps = Omit<SecondFactorPartProps, 'factor'> &
  Omit<PasskeysPartProps, keyof SecurityView> & {
    readonly security: SecurityView;
    readonly passwordMin: number;
  };

/** The person's password, passkeys and second factor. */
export function SecurityPanel({
  security: { provider, secondFactor, ...passkeys },
  passwordMin,
  ...actions
}: SecurityPanelProps) {
  const t = useTranslations('security');
  if (provider !== null)
    return (
      <Panel title={t('title')}>
        <p>{t('provider', { provider })}</p>
      </Panel>
    );
  const passkey = passkeys.passkeys.some(({ otherHost }) => otherHost === null) ? 'passkey' : null;
  const factor = secondFactor === null ? passkey : 'code';
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <PasswordPart passwordMin={passwordMin} factor={factor} />
        <PasskeysPart {...passkeys} {...actions} />
        <SecondFactorPart factor={secondFactor} {...actions} />
      </div>
    </Panel>
  );
}

type SecondFactorFormProps = Omit<SecondFactorPartProps, 'factor' | 'onChanged'> &
  Omit<PasskeysPartProps, 'passkeys' | 'onChanged'> & {
    readonly security: SecurityView;
    /** The page to open afterwards, as the address names it; null = the overview. */
    readonly next: string | null;
  };

/** Sets up the second factor that everyone needs, before anything else; the person may sign out instead. */
export function SecondFactorForm({ security, next, confirmSecondFactor, ...actions }: SecondFactorFormProps) {
  const t = useTranslations('session');
  // Not read again: the page of someone with a second factor has another frame, in which the recovery codes would be lost.
  const [factor, setFactor] = useState(security.secondFactor);
  const signOut = useAction(sendSignOut, () => location.assign(routes.signIn()));
  const enter = () => location.assign(pageAfterSignIn(next));
  const confirm: typeof confirmSecondFactor = async (input) => {
    const answer = await confirmSecondFactor(input);
    if (answer.ok) setFactor({ since: new Date().toISOString(), codesLeft: answer.value.codes.length });
    return answer;
  };
  return (
    <SessionFrame title={t('secondFactor.title')}>
      <p className="text-12 text-ink-2">{t('secondFactor.about')}</p>
      <SecondFactorPart {...actions} factor={factor} confirmSecondFactor={confirm} onChanged={() => {}} />
      {factor === null ? (
        <PasskeysPart {...actions} passkeys={security.passkeys} onChanged={enter} />
      ) : (
        <Button variant="primary" onClick={enter}>
          {t('secondFactor.continue')}
        </Button>
      )}
      <Button busy={signOut.isBusy} onClick={() => signOut.send(undefined)}>
        {t('panel.signOut')}
      </Button>
      <ActionFailure action={signOut} />
    </SessionFrame>
  );
}
