'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { sendSignOut } from '@/lib/client/session';
import type { SessionView } from '@/lib/client/views';
import { routes } from '@/lib/routes';

type SessionPanelProps = { readonly session: SessionView };

/** The signed-in person and their rights, with a button to sign out; nothing without sign-in. */
export function SessionPanel({ session }: SessionPanelProps) {
  const t = useTranslations('session.panel');
  const action = useAction(sendSignOut, () => location.assign(routes.signIn()));
  if (session.signIn !== 'done') return null;
  return (
    <Panel title={t('title')} aside={t(`role.${session.role}`)}>
      <div className="grid justify-items-start gap-3">
        <p className="font-medium break-all">{session.name}</p>
        <p className="text-12 text-ink-2">{t(`about.${session.role}`)}</p>
        <Button busy={action.isBusy} onClick={() => action.send(undefined)}>
          {t('signOut')}
        </Button>
        <ActionFailure action={action} />
      </div>
    </Panel>
  );
}
