import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SettingsScreen } from '@/components/settings/settings-screen';
import { AppShell } from '@/components/shell/app-shell';
import { TextLink } from '@/components/ui/text-link';
import { hasRight } from '@/lib/client/session/has-right';
import { passwordMin } from '@/lib/input/password';
import { routes } from '@/lib/routes';
import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  testAlertChannel,
} from '@/lib/server/alerts/change-channels';
import { listAlertChannels } from '@/lib/server/alerts/list-channels';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeOwnSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from '@/lib/server/auth/change-second-factor';
import { createToken, revokeToken } from '@/lib/server/auth/change-tokens';
import {
  endSessions,
  inviteUser,
  removeUser,
  revokeOtherSessions,
  revokeSession,
  setSignInPolicy,
  setUserGrants,
} from '@/lib/server/auth/change-users';
import { getSecurity } from '@/lib/server/auth/get-security';
import { getSession } from '@/lib/server/auth/get-session';
import { listTokens } from '@/lib/server/auth/list-tokens';
import { listSessions, listUsers } from '@/lib/server/auth/list-users';
import {
  addPasskey,
  beginPasskey,
  removePasskey,
  renamePasskey,
} from '@/lib/server/auth/passkeys/change-passkeys';
import { createFeed, revokeFeed } from '@/lib/server/calendar/change-feeds';
import { listFeeds } from '@/lib/server/calendar/read-feeds';
import {
  addConnection,
  changeConnection,
  removeConnection,
  rotateConnectionKeys,
  testConnection,
} from '@/lib/server/connections/change-connections';
import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getHealth } from '@/lib/server/operations/get-health';
import {
  addSafetyRule,
  changeSafetyRule,
  removeSafetyRule,
  setSafetyGate,
} from '@/lib/server/safety/change-safety-rules';
import { listSafetyRules } from '@/lib/server/safety/list-safety-rules';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { getApprovalPolicy } from '@/lib/server/settings/get-approval-policy';
import { listFreezes } from '@/lib/server/settings/list-freezes';
import { listPolicies } from '@/lib/server/settings/list-policies';
import { listVantagePoints } from '@/lib/server/settings/read-vantage-points';
import { setApprovalPolicy } from '@/lib/server/settings/set-approval-policy';
import { setPolicy } from '@/lib/server/settings/set-policy';
import { addVantagePoint, removeVantagePoint } from '@/lib/server/settings/vantage-points';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.settings') };
}

export default async function SettingsPage() {
  const [
    connections,
    freezes,
    policies,
    approvalPolicy,
    health,
    feeds,
    tokens,
    channels,
    safetyRules,
    vantagePoints,
    session,
    t,
    audit,
  ] = await Promise.all([
    listConnections(),
    listFreezes(),
    listPolicies(),
    getApprovalPolicy(),
    getHealth(),
    listFeeds(),
    listTokens(),
    listAlertChannels(),
    listSafetyRules(),
    listVantagePoints(),
    getSession(),
    getTranslations('settings'),
    getTranslations('audit'),
  ]);
  const mayConfigure = hasRight(session, 'configure');
  const choices = connections.map(({ id, name }) => ({ id, name }));
  const [sessions, security, people, added] = await Promise.all([
    session.signIn === 'done' ? listSessions() : [],
    session.signIn === 'done' ? getSecurity() : null,
    session.signIn === 'done' && mayConfigure ? listUsers() : null,
    mayConfigure ? listConnectionSettings() : null,
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={null}
      section="settings"
      head={{ title: t('title') }}
      actions={
        hasRight(session, 'audit') ? (
          <TextLink href={routes.audit()} className="text-12 whitespace-nowrap max-md:hidden">
            {audit('title')}
          </TextLink>
        ) : null
      }
    >
      <SettingsScreen
        {...{
          policies,
          setPolicy,
          approvalRules: {
            policy: approvalPolicy,
            connections: choices,
            setApprovalPolicy,
          },
          freezes,
          addFreeze,
          removeFreeze,
          health,
          signedIn: { session, sessions, revokeSession, revokeOtherSessions },
          security: security && {
            security,
            passwordMin,
            beginSecondFactor,
            confirmSecondFactor,
            renewRecoveryCodes,
            removeOwnSecondFactor,
            beginPasskey,
            addPasskey,
            removePasskey,
            renamePasskey,
          },
          accounts: people && {
            people,
            connections: choices,
            inviteUser,
            setUserGrants,
            removeUser,
            endSessions,
            setSignInPolicy,
            resetSecondFactor,
          },
          added: added && {
            initial: added,
            addConnection,
            changeConnection,
            rotateKeys: rotateConnectionKeys,
            testConnection,
            removeConnection,
          },
          programs: {
            tokens,
            role: session.signIn === 'done' ? session.role : 'administrator',
            connections: choices,
            createToken,
            revokeToken,
          },
          alerts: {
            initial: channels,
            connections: choices,
            addChannel: addAlertChannel,
            changeChannel: changeAlertChannel,
            removeChannel: removeAlertChannel,
            testChannel: testAlertChannel,
          },
          safety: {
            initial: safetyRules,
            connections: choices,
            addRule: addSafetyRule,
            changeRule: changeSafetyRule,
            removeRule: removeSafetyRule,
            setGate: setSafetyGate,
          },
          vantage: { initial: vantagePoints, addPoint: addVantagePoint, removePoint: removeVantagePoint },
          calendar: { feeds, createFeed, revokeFeed },
        }}
      />
    </AppShell>
  );
}
