'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SessionField } from '@/components/session/session-field';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { FormDialog } from '@/components/ui/form-dialog';
import { Time } from '@/components/ui/time';
import type {
  BeginSecondFactorAction,
  ConfirmSecondFactorAction,
  RemoveSecondFactorAction,
  RenewRecoveryCodesAction,
  SecurityView,
} from '@/lib/contract/session';
import { QrCode } from './qr-code';
import { RecoveryCodes } from './recovery-codes';

export type SecondFactorPartProps = {
  readonly factor: SecurityView['secondFactor'];
  readonly beginSecondFactor: BeginSecondFactorAction;
  readonly confirmSecondFactor: ConfirmSecondFactorAction;
  readonly renewRecoveryCodes: RenewRecoveryCodesAction;
  readonly removeOwnSecondFactor: RemoveSecondFactorAction;
  readonly onChanged: () => void;
};

/** Sets up the person's second factor, replaces its recovery codes, and removes it. */
export function SecondFactorPart(props: SecondFactorPartProps) {
  const { factor, beginSecondFactor, confirmSecondFactor, renewRecoveryCodes, onChanged } = props;
  const t = useTranslations('security');
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const removal = useDialog<'secondFactor'>();
  const showCodes = (answer: { readonly codes: readonly string[] }) => {
    setSecret(null);
    setCodes(answer.codes);
    onChanged();
  };
  const begin = useAction(beginSecondFactor, setSecret);
  const renew = useAction(renewRecoveryCodes, showCodes);
  return (
    <section
      aria-label={t('factorTitle')}
      className="grid grid-cols-[minmax(0,1fr)] justify-items-start gap-2"
    >
      <h3 className="font-semibold">{t('factorTitle')}</h3>
      <p className="text-12 text-ink-2">
        {factor === null
          ? t('factorOff')
          : t.rich('factorOn', { time: () => <Time at={factor.since} />, count: factor.codesLeft })}
      </p>
      {codes === null ? null : <RecoveryCodes codes={codes} />}
      {factor === null ? (
        <Button busy={begin.isBusy} onClick={() => begin.send({})}>
          {t('begin')}
        </Button>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button busy={renew.isBusy} onClick={() => renew.send({})}>
            {t('renew')}
          </Button>
          <Button variant="danger" onClick={() => removal.open('secondFactor')}>
            {t('remove')}
          </Button>
        </div>
      )}
      <ActionFailure action={begin} />
      <ActionFailure action={renew} />
      {secret === null ? null : (
        <ConfirmDialog
          secret={secret}
          confirmSecondFactor={confirmSecondFactor}
          onClose={() => setSecret(null)}
          onConfirmed={showCodes}
        />
      )}
      <ConfirmAction
        dialog={removal}
        title={() => t('removeTitle')}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        action={props.removeOwnSecondFactor}
        input={() => ({})}
        onDone={() => {
          setCodes(null);
          onChanged();
        }}
      />
    </section>
  );
}

/** The secret that an app needs: as a key to type, and as the address in the QR code. */
type Secret = { readonly key: string; readonly address: string };

type ConfirmDialogProps = Pick<SecondFactorPartProps, 'confirmSecondFactor'> & {
  readonly secret: Secret;
  readonly onClose: () => void;
  readonly onConfirmed: (answer: { readonly codes: readonly string[] }) => void;
};

function ConfirmDialog({ secret, confirmSecondFactor, onClose, onConfirmed }: ConfirmDialogProps) {
  const t = useTranslations('security');
  const [code, setCode] = useState('');
  const action = useAction(confirmSecondFactor, onConfirmed);
  return (
    <FormDialog
      title={t('beginTitle')}
      description={t('beginAbout')}
      submitLabel={t('confirm')}
      isBusy={action.isBusy}
      onClose={onClose}
      onSubmit={() => action.send({ code })}
      below={<ActionFailure action={action} />}
    >
      <QrCode text={secret.address} label={t('qr')} />
      <div className="grid gap-1">
        <span className="text-12 font-medium text-ink-2">{t('key')}</span>
        <Copyable value={secret.key} shown={secret.key.match(/.{1,4}/g)?.join(' ') ?? secret.key} />
      </div>
      <SessionField
        label={t('code')}
        error={action.fieldError('code', code)}
        name="code"
        autoComplete="one-time-code"
        value={code}
        onType={setCode}
      />
    </FormDialog>
  );
}
