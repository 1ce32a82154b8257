'use client';

import { useTranslations } from 'next-intl';
import { useState, useSyncExternalStore } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { sendSetUp } from '@/lib/client/session';
import { routes } from '@/lib/routes';
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
        <Field label={t('name')} error={action.fieldError('name')}>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('email')} note={t('emailNote')} error={action.fieldError('email')}>
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('password')}
          note={t('passwordNote', { min: passwordMin })}
          error={action.fieldError('password')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              name="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <ActionFailure action={action} />
        <Button type="submit" variant="primary" busy={action.isBusy} disabled={token === ''}>
          {t('submit')}
        </Button>
      </form>
    </SessionFrame>
  );
}
