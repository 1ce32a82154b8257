// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SafetyRulesView } from '@/lib/contract/safety';
import { ok } from '@/lib/result';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { SafetyPanel, type SafetyPanelProps } from './safety-panel';

const stored: SafetyRulesView = {
  rules: [
    {
      id: 1,
      rule: SafetyRule.parse({
        kind: 'assertion',
        name: 'Shop answers',
        match: { domains: ['shop.example.co.id'] },
        sides: 'either',
        over: 'eachDomain',
        requirement: { kind: 'atLeast', count: 1 },
      }),
      gate: null,
      changedBy: 'sari',
      changedAt: '2026-12-12T00:00:00.000Z',
    },
    {
      id: 2,
      rule: SafetyRule.parse({
        kind: 'gating',
        name: 'Release approved',
        match: { connectionIds: ['sandbox'], domains: [] },
        condition: 'gate',
        switchedBy: 'operator',
      }),
      gate: { isOn: false, by: 'budi', reason: 'not yet', at: '2026-12-12T00:00:00.000Z' },
      changedBy: 'sari',
      changedAt: '2026-12-12T00:00:00.000Z',
    },
  ],
};

const preview = {
  judged: 3,
  refused: [
    {
      diversionId: 'D-0001',
      planId: 'P-0001',
      name: 'Sale',
      isMomentary: false,
      values: { rule: 'Pay', why: 'never', object: 'pay.example.co.id', may: 'administrator' },
    },
  ],
};

const asked = vi.fn();
beforeEach(() => {
  asked.mockClear();
  vi.stubGlobal('fetch', async (path: string, options: { body?: string } = {}) => {
    if (!path.endsWith('/preview')) return Response.json(stored);
    asked(JSON.parse(options.body ?? ''));
    return Response.json(preview);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(actions: Partial<SafetyPanelProps> = {}) {
  renderPage(
    <SafetyPanel
      initial={stored}
      connections={[{ id: 'sandbox', name: 'Sandbox' }]}
      addRule={async () => ok({ id: 3 })}
      changeRule={async () => ok(null)}
      removeRule={async () => ok(null)}
      setGate={async () => ok(null)}
      {...actions}
    />,
  );
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

it('lists rules in words, with the state of a gate', () => {
  show();
  const rows = within(screen.getByRole('table', { name: 'Safety rules' })).getAllByRole('row');
  expect(rows[1]?.textContent).toContain('at least 1 of the CVM targets and functions of each domain serve');
  expect(rows[1]?.textContent).toContain('shop.example.co.id');
  expect(rows[2]?.textContent).toContain('only while its gate is on');
  expect(rows[2]?.textContent).toContain('Sandbox');
  expect(rows[2]?.textContent).toContain('gate off');
  expect(rows[2]?.textContent).toContain('budi: not yet');
});

it('says that a rule that can’t be read refuses all plans, and what to do', () => {
  show({ initial: { rules: stored.rules.slice(0, 1).map((rule) => ({ ...rule, isUnread: true })) } });
  const cells = screen.getAllByRole('cell').map(({ textContent }) => textContent);
  expect(cells.slice(0, 4)).toEqual([
    'Shop answers',
    "can't be read: edit or remove it",
    'shop.example.co.id',
    'refuses all plans',
  ]);
});

it('shows an invalid region at its field', async () => {
  const addRule = vi.fn<SafetyPanelProps['addRule']>(async () => ok({ id: 3 }));
  show({ addRule });
  press('Add safety rule');
  const form = within(await screen.findByRole('dialog', { name: 'Add safety rule' }));
  fireEvent.change(form.getByLabelText('Name'), { target: { value: 'Pay' } });
  fireEvent.change(form.getByLabelText('Domains'), { target: { value: 'pay.*' } });
  const field = form.getByLabelText('Regions');
  fireEvent.change(field, { target: { value: 'ap-jakarta, Jakarta' } });
  fireEvent.click(form.getByRole('button', { name: 'Add rule' }));
  expect(await form.findByText('Enter a region such as ap-jakarta.')).toBeTruthy();
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(form.getByLabelText('Domains').getAttribute('aria-invalid')).toBeNull();
  expect(addRule).not.toHaveBeenCalled();
});

it('keeps an account that is not connected any more, until it is taken out', async () => {
  const changeRule = vi.fn<SafetyPanelProps['changeRule']>(async () => ok(null));
  const gone = SafetyRule.parse({
    kind: 'protected',
    name: 'Pay',
    match: { connectionIds: ['acme'], domains: ['pay.*'] },
    approvals: null,
  });
  const row = { id: 4, rule: gone, gate: null, changedBy: 'sari', changedAt: '2026-12-12T00:00:00.000Z' };
  show({ initial: { rules: [row] }, changeRule });
  press('Change Pay');
  const form = within(await screen.findByRole('dialog', { name: 'Change safety rule' }));
  fireEvent.click(form.getByRole('checkbox', { name: 'Sandbox' }));
  fireEvent.click(form.getByRole('button', { name: 'Save rule' }));
  await waitFor(() => expect(changeRule).toHaveBeenCalled());
  expect(changeRule.mock.calls[0]?.[0].rule.match.connectionIds).toEqual(['sandbox', 'acme']);
});

it('adds a rule of a kind, after a preview of what it would refuse', async () => {
  const addRule = vi.fn<SafetyPanelProps['addRule']>(async () => ok({ id: 3 }));
  show({ addRule });
  press('Add safety rule');
  await choose(within(document.body), 'Kind', 'Protected domains');
  type('Name', 'Pay');
  type('Domains', 'pay.*, *.bank.example');
  press('Preview');
  expect(await screen.findByText('Refuses 1 of 3 current diversions.')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Sale' }).getAttribute('href')).toBe('/plans/P-0001');
  expect(screen.getByText(/pay.example.co.id is protected/)).toBeTruthy();
  const rule = {
    kind: 'protected',
    name: 'Pay',
    isEnabled: true,
    match: { connectionIds: [], regions: [], domains: ['pay.*', '*.bank.example'] },
    approvals: null,
  };
  expect(asked).toHaveBeenCalledWith({ id: null, rule });
  press('Add rule');
  await waitFor(() => expect(addRule).toHaveBeenCalledWith({ rule }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('names the invalid field, and sends nothing', async () => {
  const addRule = vi.fn<SafetyPanelProps['addRule']>(async () => ok({ id: 3 }));
  show({ addRule });
  press('Add safety rule');
  type('Name', 'Pay');
  type('Domains', 'pay domain');
  type('Number of backends', '0');
  press('Add rule');
  expect(await screen.findByText(/Enter a host name, or a pattern/)).toBeTruthy();
  expect(await screen.findByText('Enter a number from 1 to 40.')).toBeTruthy();
  expect(addRule).not.toHaveBeenCalled();
});

it('names an invalid pattern after others, separated by spaces', async () => {
  show();
  press('Add safety rule');
  type('Name', 'Pay');
  type('Domains', 'pay.example.com shop.example.com bad..name');
  press('Add rule');
  expect(await screen.findByText(/Enter a host name, or a pattern/)).toBeTruthy();
});

it('changes a rule with its fields filled in', async () => {
  const changeRule = vi.fn<SafetyPanelProps['changeRule']>(async () => ok(null));
  show({ changeRule });
  press('Change Shop answers');
  await choose(within(document.body), 'Must serve', 'All');
  fireEvent.click(screen.getByRole('radio', { name: 'disabled' }));
  press('Save rule');
  await waitFor(() =>
    expect(changeRule).toHaveBeenCalledWith({
      id: 1,
      rule: expect.objectContaining({
        name: 'Shop answers',
        isEnabled: false,
        requirement: { kind: 'all' },
        match: { connectionIds: [], regions: [], domains: ['shop.example.co.id'] },
      }),
    }),
  );
});

it('sends the allowed hours of several days', async () => {
  const addRule = vi.fn<SafetyPanelProps['addRule']>(async () => ok({ id: 3 }));
  show({ addRule });
  press('Add safety rule');
  await choose(within(document.body), 'Kind', 'Allowed hours');
  type('Name', 'Nights');
  type('From', '22:00');
  fireEvent.click(screen.getByRole('checkbox', { name: 'Sunday' }));
  press('Add time');
  expect(screen.getByRole('group', { name: 'Allowed time 2' })).toBeTruthy();
  press('Remove allowed time 2');
  press('Add rule');
  await waitFor(() => expect(addRule).toHaveBeenCalled());
  expect(addRule.mock.calls[0]?.[0]).toMatchObject({
    rule: {
      kind: 'hours',
      windows: [{ kind: 'daily', fromMinute: 1320, toMinute: 240, weekdays: [1, 2, 3, 4, 5, 6] }],
    },
  });
});

it('switches a gate with a reason', async () => {
  const setGate = vi.fn<SafetyPanelProps['setGate']>(async () => ok(null));
  show({ setGate });
  press('Switch gate on: Release approved');
  type('Reason', 'approved by Intan');
  press('Switch gate on');
  await waitFor(() =>
    expect(setGate).toHaveBeenCalledWith({ id: 2, isOn: true, reason: 'approved by Intan' }),
  );
});

it('removes a rule after confirmation', async () => {
  const removeRule = vi.fn<SafetyPanelProps['removeRule']>(async () => ok(null));
  show({ removeRule });
  press('Remove Shop answers');
  press('Remove rule');
  await waitFor(() => expect(removeRule).toHaveBeenCalledWith({ id: 1 }));
});
