// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultAlertEvents } from '@/lib/alerts/alert';
import { grantEverywhere } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { renderPage } from '@/testing/components/test-page';
import { testApprovalRule } from '@/testing/server/require-approvals';
import { AccountsPanel } from './accounts-panel';
import { AlertsPanel } from './alerts-panel';
import { ApprovalRulesPanel } from './approval-rules-panel';
import { CalendarPanel } from './calendar-panel';
import { ConnectionsPanel } from './connections/connections-panel';
import { FreezesPanel } from './freezes-panel';
import { SafetyPanel } from './safety/safety-panel';
import { TokensPanel } from './tokens-panel';
import { VantagePanel } from './vantage/vantage-panel';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const never = () => Promise.reject(new Error('nothing is sent here'));
const ignore = () => {};
const at = '2026-12-11T10:00:00.000Z';
const role: Role = 'administrator';
const connections = [{ id: 'niaga', name: 'Niaga' }];
const rule = SafetyRule.parse({
  kind: 'gating',
  name: 'Release approved',
  match: { connectionIds: ['niaga'], domains: [] },
  condition: 'gate',
  switchedBy: 'operator',
});

it('offers on a small screen only what the note above names', () => {
  vi.stubGlobal('fetch', never);
  renderPage(
    <>
      <ApprovalRulesPanel
        policy={{ rules: [testApprovalRule(1, { name: 'Rest' })], unread: [], set: null }}
        connections={connections}
        setApprovalPolicy={never}
        onChanged={ignore}
      />
      <SafetyPanel
        initial={{
          rules: [
            {
              id: 1,
              rule,
              gate: { isOn: false, by: 'budi', reason: 'not yet', at },
              changedBy: 'sari',
              changedAt: at,
            },
          ],
        }}
        connections={connections}
        addRule={never}
        changeRule={never}
        removeRule={never}
        setGate={never}
      />
      <FreezesPanel
        freezes={[
          { id: 1, name: 'Night', span: { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'UTC' } },
        ]}
        addFreeze={never}
        removeFreeze={never}
        onChanged={ignore}
      />
      <CalendarPanel
        feeds={[{ id: 1, name: 'Ana', createdAt: at, createdBy: 'local', lastReadAt: null }]}
        createFeed={never}
        revokeFeed={never}
        onChanged={ignore}
      />
      <ConnectionsPanel
        initial={{
          connections: [
            {
              id: 'niaga',
              name: 'Niaga',
              kind: 'tencent',
              uin: '100000000001',
              isConnected: true,
              problem: null,
              added: {
                site: 'mainland',
                regions: ['ap-jakarta'],
                writes: 'none',
                readKeyEnd: 'r001',
                writeKeyEnd: null,
                role: null,
                isVerified: true,
                changedBy: 'sari@example.com',
                changedAt: at,
              },
              test: null,
            },
          ],
          hasSandbox: true,
        }}
        addConnection={never}
        changeConnection={never}
        rotateKeys={never}
        testConnection={never}
        removeConnection={never}
        onChanged={ignore}
      />
      <VantagePanel
        initial={[{ id: 1, name: 'DNSPod', address: '119.29.29.29', createdBy: 'sari', createdAt: at }]}
        addPoint={never}
        removePoint={never}
      />
      <AlertsPanel
        initial={{
          channels: [
            {
              id: 'c1',
              name: 'On-call',
              kind: 'slack',
              host: 'hooks.slack.com',
              events: defaultAlertEvents,
              minSeverity: 'warning',
              connectionId: null,
              regions: [],
              domains: [],
              leadMinutes: [],
            },
          ],
          deliveries: [],
        }}
        connections={connections}
        addChannel={never}
        changeChannel={never}
        removeChannel={never}
        testChannel={never}
      />
      <AccountsPanel
        people={{
          users: [
            {
              id: 'u2',
              name: 'Budi',
              email: 'budi@example.com',
              grants: grantEverywhere('viewer'),
              isSelf: false,
              usedAt: null,
              hasSecondFactor: true,
              hasPasskey: false,
            },
          ],
          isSecondFactorRequired: false,
          links: [],
        }}
        connections={connections}
        inviteUser={never}
        setUserGrants={never}
        removeUser={never}
        endSessions={never}
        resetSecondFactor={never}
        setSignInPolicy={never}
        onChanged={ignore}
      />
      <TokensPanel
        tokens={[
          {
            id: 7,
            name: 'CI',
            owner: 'sari@example.com',
            role: 'operator',
            limits: null,
            prefix: 'spw_AbCdEfGh',
            createdAt: at,
            expiresAt: at,
            isExpired: true,
            lastUsedAt: null,
          },
        ]}
        role={role}
        connections={connections}
        createToken={never}
        revokeToken={never}
        onChanged={ignore}
      />
    </>,
  );
  const offered = screen
    .getAllByRole('button')
    .filter((button) => button.closest('.max-md\\:hidden') === null)
    .map((button) => button.getAttribute('aria-label') ?? button.textContent);
  expect(offered).toEqual(['Revoke Ana', 'Remove budi@example.com', 'Revoke CI']);
});
