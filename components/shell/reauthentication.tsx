'use client';

import { useEffect, useState } from 'react';
import { checkAnswer } from '@/lib/client/check-answer';
import { reauthentication } from '@/lib/client/send-verb';
import { ReauthenticationDialog } from './reauthentication-dialog';

/** A command that waits for the person. */
type Waiting = {
  readonly by: unknown;
  readonly passkeyOrigin: unknown;
  readonly provider: unknown;
  readonly settle: (isConfirmed: boolean) => void;
};

/** Asks the person to confirm that it is they when a command needs a recent sign-in, on any page. */
export function Reauthentication() {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  useEffect(() => {
    // A second command stays refused while one waits.
    if (waiting !== null) return;
    reauthentication.repeat = async (answer, send) => {
      const form = answer.ok ? null : answer.error.form;
      if (form?.message !== 'session.notRecent') return null;
      const { by, passkeyOrigin, provider } = form.values ?? {};
      const isConfirmed = await new Promise<boolean>((settle) =>
        setWaiting({ by, passkeyOrigin, provider, settle }),
      );
      return isConfirmed ? checkAnswer(send()) : null;
    };
    return () => {
      delete reauthentication.repeat;
    };
  }, [waiting]);
  if (waiting === null) return null;
  const settle = (isConfirmed: boolean) => {
    setWaiting(null);
    waiting.settle(isConfirmed);
  };
  return (
    <ReauthenticationDialog
      by={waiting.by === 'code' ? 'code' : 'password'}
      provider={typeof waiting.provider === 'string' ? waiting.provider : null}
      passkeyOrigin={typeof waiting.passkeyOrigin === 'string' ? waiting.passkeyOrigin : null}
      onCancel={() => settle(false)}
      onConfirmed={() => settle(true)}
    />
  );
}
