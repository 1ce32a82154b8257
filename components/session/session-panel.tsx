'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { sendSignOut } from '@/lib/client/session/session';
import type {
  RevokeOtherSessionsAction,
  RevokeSessionAction,
  SessionView,
  UserSessionView,
} from '@/lib/contract/session';
import { routes } from '@/lib/routes';

export type SessionPanelProps = {
  readonly session: SessionView;
  /** The browsers in which the person is signed in. */
  readonly sessions: readonly UserSessionView[];
  readonly revokeSession: RevokeSessionAction;
  readonly revokeOtherSessions: RevokeOtherSessionsAction;
  readonly onChanged: () => void;
};

/** The signed-in person and their rights, with a button to sign out; nothing without sign-in. */
export function SessionPanel({
  session,
  sessions,
  revokeSession,
  revokeOtherSessions,
  onChanged,
}: SessionPanelProps) {
  const t = useTranslations('session.panel');
  const action = useAction(sendSignOut, () => location.assign(routes.signIn()));
  const revoke = useAction(revokeOtherSessions, onChanged);
  const end = useAction(revokeSession, onChanged);
  if (session.signIn !== 'done') return null;
  return (
    <Panel title={t('title')} aside={t(`role.${session.role}`)}>
      <div className="grid justify-items-start gap-3">
        <p className="font-medium break-all">{session.name}</p>
        <p className="text-12 text-ink-2">{t(`about.${session.role}`)}</p>
        <ul aria-label={t('sessions')} className="grid gap-1 text-12 text-ink-2">
          {sessions.map(({ id, isCurrent, userAgent, address, usedAt }) => (
            <li key={id} className="flex flex-wrap items-center gap-2 break-words">
              <span className="min-w-0">
                {t.rich('session', {
                  agent: userAgent === null ? t('unknownAgent') : describeBrowser(userAgent),
                  address: address ?? t('unknownAddress'),
                  time: () => <Time at={usedAt} />,
                })}
              </span>
              {isCurrent ? null : (
                <Button size="sm" busy={end.isBusy} onClick={() => end.send({ id })}>
                  {t('endSession')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          <Button busy={action.isBusy} onClick={() => action.send(undefined)}>
            {t('signOut')}
          </Button>
          {sessions.length > 1 ? (
            <Button busy={revoke.isBusy} onClick={() => revoke.send({})}>
              {t('revokeOthers')}
            </Button>
          ) : null}
        </div>
        <ActionFailure action={action} />
        <ActionFailure action={revoke} />
        <ActionFailure action={end} />
      </div>
    </Panel>
  );
}

const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'] as const;
const browserNames: Readonly<Record<(typeof browsers)[number], string>> = {
  Edg: 'Edge',
  OPR: 'Opera',
  Firefox: 'Firefox',
  Chrome: 'Chrome',
  Safari: 'Safari',
};

/** Returns the name of a browser by its User-Agent header; of another program, the header, shortened. */
function describeBrowser(userAgent: string): string {
  const browser = browsers.find((each) => userAgent.includes(`${each}/`));
  return browser === undefined ? userAgent.slice(0, 40) : browserNames[browser];
}
