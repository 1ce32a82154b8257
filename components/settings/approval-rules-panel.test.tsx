// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { SetApprovalPolicyAction } from '@/lib/contract/approval';
import type { ApprovalRule } from '@/lib/policy/approval-rules';
import { ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { testApprovalRule } from '@/testing/server/require-approvals';
import { ApprovalRulesPanel } from './approval-rules-panel';

afterEach(cleanup);

const at = '2026-12-11T15:00:00.000Z';
const shop = testApprovalRule(2, {
  name: 'Shop',
  match: { kind: 'tencent', connectionId: null, region: null, domain: '*.example.com' },
  from: { writes: 10, dnsWrites: null, routes: null, sharePercent: null, warnings: true },
  expiresAfterH: 24,
});
const rest = testApprovalRule(1, { name: 'Rest', selfApproval: true });

function open(rules: readonly ApprovalRule[], unread: readonly number[] = []) {
  const asked: Parameters<SetApprovalPolicyAction>[0][] = [];
  renderPage(
    <ApprovalRulesPanel
      policy={{ rules, unread, set: rules.length === 0 ? null : { by: 'sari@example.com', at } }}
      connections={[{ id: 'prod', name: 'Production' }]}
      setApprovalPolicy={async (input) => {
        asked.push(input);
        return ok(null);
      }}
      onChanged={() => {}}
    />,
  );
  return asked;
}

describe('the approval rules', () => {
  it('are shown in order, with what they match and need', () => {
    open([shop, rest]);
    const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(rows[1]).toBe(
      '1Shopreal accounts, domain *.example.com, with at least 10 writes / with a preflight warning2 approvals, for 24 hours',
    );
    expect(rows[2]).toBe('2RestAll plans1 approval, authors count');
  });

  it('are named if they can’t be read', () => {
    open([shop, rest], [1]);
    expect(screen.getAllByRole('row')[2]?.textContent).toBe(
      "2Resteverything, because this rule can't be read: edit or remove it1 approval, authors count",
    );
  });

  it('are added after the others, without those that are invalid', async () => {
    const asked = open([rest]);
    fireEvent.click(screen.getByRole('button', { name: 'Add rule' }));
    const dialog = within(await screen.findByRole('dialog'));
    const type = (label: string | RegExp, value: string) =>
      fireEvent.change(dialog.getByLabelText(label), { target: { value } });
    type('Domain (optional)', 'not a domain');
    fireEvent.click(dialog.getByRole('button', { name: 'Add rule' }));
    expect(dialog.getByText('Enter a name for the rule.')).toBeTruthy();
    expect(dialog.getByText(/Enter a host name, or a pattern such as/)).toBeTruthy();
    expect(asked).toEqual([]);
    type('Name', 'Shop');
    type('Domain (optional)', '*.example.com');
    type('Writes', '10');
    type('Valid for, in hours (optional)', '24');
    await choose(dialog, 'Account type', 'Real accounts');
    await choose(dialog, 'Approvals', '2 approvals');
    fireEvent.click(dialog.getByLabelText('Plans with a preflight warning'));
    fireEvent.click(dialog.getByRole('button', { name: 'Add rule' }));
    await waitFor(() => expect(asked).toEqual([{ rules: [rest, shop], readAt: at }]));
  });

  it('are moved, and removed after confirmation', async () => {
    const asked = open([shop, rest]);
    expect(screen.queryByRole('button', { name: 'Move the rule Shop up' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Move the rule Rest up' }));
    await waitFor(() => expect(asked).toEqual([{ rules: [rest, shop], readAt: at }]));
    fireEvent.click(screen.getByRole('button', { name: 'Remove the rule Shop' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Remove rule' }));
    await waitFor(() => expect(asked[1]).toEqual({ rules: [rest], readAt: at }));
  });
});
