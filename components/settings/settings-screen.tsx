'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { SecurityPanelProps } from '@/components/session/security/security-panel';
import { SecurityPanel } from '@/components/session/security/security-panel';
import { SessionPanel, type SessionPanelProps } from '@/components/session/session-panel';
import { EmergencyStopCard } from '@/components/shell/emergency-stop-card';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { PageFrame } from '@/components/ui/page-header';
import { healthQuery } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type { HealthView } from '@/lib/contract/health';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import type { AccountsPanelProps } from './accounts-panel';
import { AccountsPanel } from './accounts-panel';
import type { AlertsPanelProps } from './alerts-panel';
import { AlertsPanel } from './alerts-panel';
import type { ApprovalRulesPanelProps } from './approval-rules-panel';
import { ApprovalRulesPanel } from './approval-rules-panel';
import { CalendarPanel, type CalendarPanelProps } from './calendar-panel';
import type { ConnectionsPanelProps } from './connections/connections-panel';
import { ConnectionsPanel } from './connections/connections-panel';
import type { FreezesPanelProps } from './freezes-panel';
import { FreezesPanel } from './freezes-panel';
import { HealthPanel } from './health-panel';
import { PolicyPanel } from './policy-panel';
import type { SafetyPanelProps } from './safety/safety-panel';
import { SafetyPanel } from './safety/safety-panel';
import type { TokensPanelProps } from './tokens-panel';
import { TokensPanel } from './tokens-panel';
import type { VantagePanelProps } from './vantage/vantage-panel';
import { VantagePanel } from './vantage/vantage-panel';
import { ZonePanel } from './zone-panel';

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
            <ApprovalRulesPanel {...approvalRules} onChanged={reread} />
            <SafetyPanel {...safety} />
            <FreezesPanel {...freezes} onChanged={reread} />
            <CalendarPanel {...calendar} onChanged={reread} />
            {security === null ? null : <SecurityPanel {...security} onChanged={reread} />}
            {added === null ? null : <ConnectionsPanel {...added} onChanged={reread} />}
            <VantagePanel {...vantage} />
            <AlertsPanel {...alerts} />
            {accounts === null ? null : <AccountsPanel {...accounts} onChanged={reread} />}
            <TokensPanel {...programs} onChanged={reread} />
          </div>
          <div className="grid gap-4">
            <SessionPanel {...signedIn} onChanged={reread} />
            <EmergencyStopCard />
            <ZonePanel />
            <LiveHealth initial={health} />
          </div>
        </div>
      </PageFrame>
    </>
  );
}

/**
 * Shows the current health of all parts.
 * @param initial the server's data when it rendered the page
 */
function LiveHealth({ initial }: { readonly initial: HealthView }) {
  const { data } = useQuery({ ...healthQuery(), initialData: initial });
  return <HealthPanel health={data} />;
}
