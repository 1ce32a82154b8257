'use client';

import { useTranslations } from 'next-intl';
import { useState, useSyncExternalStore } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { sendSetUp } from '@/lib/client/session/session';
import { routes } from '@/lib/routes';
import { SessionField } from './session-field';
import { SessionFrame } from './session-frame';

type SetUpFormProps = { readonly passwordMin: number };

function watchHash(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

/** Creates the account of whoever has a set-up link. Its token is in the fragment, which no server sees. */
export function SetUpForm({ passwordMin }: SetUpFormProps) {
  const t = useTranslations('session.setUp');
  // Null on the server, which does not see it.
  const token = useSyncExternalStore(
    watchHash,
    () => location.hash.slice(1),
    () => null,
  );
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  // Replaced, so that the history does not keep the token.
  const action = useAction(sendSetUp, () => location.replace(routes.overview()));
  return (
    <SessionFrame title={t('title')}>
      {token === '' ? <Callout tone="warn">{t('noToken')}</Callout> : null}
      <p className="text-12 text-ink-2">{t('about')}</p>
      <form
        method="post"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          action.send({ token: token ?? '', name, email, password });
        }}
      >
        <SessionField
          label={t('name')}
          error={action.fieldError('name', name)}
          name="name"
          autoComplete="name"
          value={name}
          onType={setName}
        />
        <SessionField
          label={t('email')}
          note={t('emailNote')}
          error={action.fieldError('email', email)}
          name="email"
          autoComplete="username"
          value={email}
          onType={setEmail}
        />
        <SessionField
          label={t('password')}
          note={t('passwordNote', { min: passwordMin })}
          error={action.fieldError('password', password)}
          name="password"
          autoComplete="new-password"
          value={password}
          onType={setPassword}
        />
        <ActionFailure action={action} />
        <Button type="submit" variant="primary" busy={action.isBusy} disabled={token === ''}>
          {t('submit')}
        </Button>
      </form>
    </SessionFrame>
  );
}
