'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { SecurityPanelProps } from '@/components/session/security/security-panel';
import { SessionPanel, type SessionPanelProps } from '@/components/session/session-panel';
import { EmergencyStopCard } from '@/components/shell/emergency-stop-card';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { PageFrame } from '@/components/ui/page-header';
import { useMay } from '@/lib/client/session/rights';
import type { HealthView } from '@/lib/contract/health';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import type { AccountsPanelProps } from './accounts-panel';
import type { AlertsPanelProps } from './alerts-panel';
import type { ApprovalRulesPanelProps } from './approval-rules-panel';
import { CalendarPanel, type CalendarPanelProps } from './calendar-panel';
import type { ConnectionsPanelProps } from './connections/connections-panel';
import type { FreezesPanelProps } from './freezes-panel';
import { PolicyPanel } from './policy-panel';
import type { SafetyPanelProps } from './safety/safety-panel';
import type { TokensPanelProps } from './tokens-panel';
import type { VantagePanelProps } from './vantage/vantage-panel';
import { ZonePanel } from './zone-panel';

const securityPart = onDemand(() => import('@/components/session/security/security-panel'));
const approvalRulesPart = onDemand(() => import('./approval-rules-panel'));
const accountsPart = onDemand(() => import('./accounts-panel'));
const alertsPart = onDemand(() => import('./alerts-panel'));
const connectionsPart = onDemand(() => import('./connections/connections-panel'));
const freezesPart = onDemand(() => import('./freezes-panel'));
const safetyPart = onDemand(() => import('./safety/safety-panel'));
const vantagePart = onDemand(() => import('./vantage/vantage-panel'));
const healthPart = onDemand(() => import('./health-part'));
const tokensPart = onDemand(() => import('./tokens-panel'));

type SettingsScreenProps = Omit<FreezesPanelProps, 'onChanged'> & {
  readonly calendar: Omit<CalendarPanelProps, 'onChanged'>;
  readonly policies: readonly PolicyView[];
  readonly setPolicy: SetPolicyAction;
  readonly approvalRules: Omit<ApprovalRulesPanelProps, 'onChanged'>;
  readonly health: HealthView;
  readonly signedIn: Omit<SessionPanelProps, 'onChanged'>;
  /** Null without sign-in. */
  readonly security: Omit<SecurityPanelProps, 'onChanged'> | null;
  /** Null without sign-in, and for all but administrators. */
  readonly accounts: Omit<AccountsPanelProps, 'onChanged'> | null;
  /** Null for all but administrators. */
  readonly added: Omit<ConnectionsPanelProps, 'onChanged'> | null;
  readonly programs: Omit<TokensPanelProps, 'onChanged'>;
  readonly alerts: AlertsPanelProps;
  readonly safety: SafetyPanelProps;
  readonly vantage: VantagePanelProps;
};

/** Settings for all plans: policies, freeze windows, the pause control and the health of all parts. */
export function SettingsScreen({
  policies,
  setPolicy,
  approvalRules,
  health,
  signedIn,
  security,
  accounts,
  added,
  programs,
  alerts,
  safety,
  vantage,
  calendar,
  ...freezes
}: SettingsScreenProps) {
  const t = useTranslations('settings');
  const router = useRouter();
  const reread = () => router.refresh();
  return (
    <>
      <ReadOnlyNote>{t('readOnly')}</ReadOnlyNote>
      <PageFrame>
        {useMay('configure') ? null : <p className="text-12 text-ink-2">{t('onlyAdministrators')}</p>}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid min-w-0 gap-4">
            <PolicyPanel policies={policies} setPolicy={setPolicy} onSet={reread} />
            <LatePart part={approvalRulesPart} isAwaited>
              {({ ApprovalRulesPanel }) => <ApprovalRulesPanel {...approvalRules} onChanged={reread} />}
            </LatePart>
            <LatePart part={safetyPart}>{({ SafetyPanel }) => <SafetyPanel {...safety} />}</LatePart>
            <LatePart part={freezesPart} isAwaited>
              {({ FreezesPanel }) => <FreezesPanel {...freezes} onChanged={reread} />}
            </LatePart>
            <CalendarPanel {...calendar} onChanged={reread} />
            {security === null ? null : (
              <LatePart part={securityPart}>
                {({ SecurityPanel }) => <SecurityPanel {...security} onChanged={reread} />}
              </LatePart>
            )}
            {added === null ? null : (
              <LatePart part={connectionsPart}>
                {({ ConnectionsPanel }) => <ConnectionsPanel {...added} onChanged={reread} />}
              </LatePart>
            )}
            <LatePart part={vantagePart}>{({ VantagePanel }) => <VantagePanel {...vantage} />}</LatePart>
            <LatePart part={alertsPart}>{({ AlertsPanel }) => <AlertsPanel {...alerts} />}</LatePart>
            {accounts === null ? null : (
              <LatePart part={accountsPart}>
                {({ AccountsPanel }) => <AccountsPanel {...accounts} onChanged={reread} />}
              </LatePart>
            )}
            <LatePart part={tokensPart}>
              {({ TokensPanel }) => <TokensPanel {...programs} onChanged={reread} />}
            </LatePart>
          </div>
          <div className="grid gap-4">
            <SessionPanel {...signedIn} onChanged={reread} />
            <EmergencyStopCard />
            <ZonePanel />
            <LatePart part={healthPart}>{({ LiveHealth }) => <LiveHealth initial={health} />}</LatePart>
          </div>
        </div>
      </PageFrame>
    </>
  );
}
