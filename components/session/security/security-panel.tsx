'use client';

import { useTranslations } from 'next-intl';
import { AddMessages } from '@/components/ui/base/add-messages';
import { Panel } from '@/components/ui/panel';
import type { SecurityView } from '@/lib/client/views';
import security from '@/lib/messages/en/settings/security.json';
import { PasskeysPart, type PasskeysPartProps } from './passkeys-part';
import { PasswordPart } from './password-part';
import { SecondFactorPart, type SecondFactorPartProps } from './second-factor-part';

const texts = { security };

export type SecurityPanelProps = Omit<SecondFactorPartProps, 'factor'> &
  Omit<PasskeysPartProps, keyof SecurityView> & {
    readonly security: SecurityView;
    readonly passwordMin: number;
  };

/** The person's password, passkeys and second factor. */
export function SecurityPanel(props: SecurityPanelProps) {
  return (
    <AddMessages texts={texts}>
      <Security {...props} />
    </AddMessages>
  );
}

function Security({
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
