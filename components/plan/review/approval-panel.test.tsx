// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionError } from '@/lib/contract/answer';
import type { ApprovalsView, ApprovalView } from '@/lib/contract/approval';
import type { PlanView } from '@/lib/contract/plan';
import { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { noRequests, testPlanView } from '@/testing/components/test-plan-view';
import { PlanReview } from './plan-review';

/* The server is unreachable, so the page's initial content stays. */
beforeEach(() => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const approval = (id: number, name: string, change: Partial<ApprovalView> = {}): ApprovalView => ({
  id,
  name,
  comment: '',
  at: '2026-12-11T15:54:31.000Z',
  withdrawnAt: null,
  why: null,
  expiresAt: null,
  ...change,
});

function open(
  approvals: Partial<ApprovalsView> = {},
  error?: ActionError,
  findings: PlanView['findings'] = [],
) {
  const asked: unknown[] = [];
  const answer = async (input: unknown) => {
    asked.push(input);
    return error ? err(error) : ok(null);
  };
  renderPage(
    <PlanReview
      tab="now"
      view={testPlanView({
        findings,
        approvals: {
          all: [],
          count: { given: 0, needed: 2 },
          requirement: {
            needed: 2,
            selfApproval: false,
            expiresAfterH: null,
            rehearsedWithinH: null,
            breakGlass: true,
            rules: [{ name: 'Shop', reached: ['dnsWrites'] }],
          },
          authors: ['sari@example.com'],
          approvers: [],
          requests: [],
          voidRequests: 0,
          comments: [],
          isOutdated: false,
          state: 'open',
          ...approvals,
        },
      })}
      applyPlan={async () => ok({ runId: RunId.parse('r-1') })}
      fixPlan={async () => ok({ planId: PlanId.parse('P-2') })}
      rescheduleRun={async () => ok({ runId: RunId.parse('r-1') })}
      approvePlan={answer}
      withdrawApproval={answer}
      requesting={noRequests}
    />,
  );
  return { asked, panel: within(screen.getByRole('region', { name: 'Approval' })) };
}

describe('the approval of a plan', () => {
  it('is given under a typed name, to the plan shown', async () => {
    const { asked, panel } = open();
    expect(panel.getByText('0 of 2')).toBeTruthy();
    expect(panel.getByText('2 more approvals needed')).toBeTruthy();
    expect(panel.getByText(/Sign-in is off/)).toBeTruthy();
    expect(panel.getByText(/sha256 abc/)).toBeTruthy();
    fireEvent.change(panel.getByLabelText('Your name'), { target: { value: 'Intan Permata' } });
    fireEvent.change(panel.getByLabelText('Comment (optional)'), { target: { value: 'TTL is fine' } });
    fireEvent.click(panel.getByRole('button', { name: 'Approve plan' }));
    await waitFor(() =>
      expect(asked).toEqual([{ planId: 'p-1', hash: 'abc', name: 'Intan Permata', comment: 'TTL is fine' }]),
    );
    await waitFor(() => expect(panel.getByLabelText('Your name')).toHaveProperty('value', ''));
  });

  it('keeps what was typed after it was sent', async () => {
    const { asked, panel } = open();
    const type = (label: string, value: string) =>
      fireEvent.change(panel.getByLabelText(label), { target: { value } });
    type('Your name', 'Intan Permata');
    type('Comment (optional)', 'TTL is fine');
    fireEvent.click(panel.getByRole('button', { name: 'Approve plan' }));
    type('Comment (optional)', 'TTL is fine, and so is the order');
    await waitFor(() => expect(panel.getByLabelText('Your name')).toHaveProperty('value', ''));
    expect(asked).toMatchObject([{ comment: 'TTL is fine' }]);
    expect(panel.getByLabelText('Comment (optional)')).toHaveProperty(
      'value',
      'TTL is fine, and so is the order',
    );
  });

  it('is required before the plan is applied, but not before it is scheduled', () => {
    const { panel } = open({ all: [approval(1, 'Intan Permata')], count: { given: 1, needed: 2 } });
    expect(screen.getByText('Waiting for approval, 1 of 2')).toBeTruthy();
    expect(panel.getByText('One more approval needed')).toBeTruthy();
    const apply = screen.getByRole('button', { name: 'Apply plan' });
    expect(apply.hasAttribute('disabled')).toBe(true);
    const why = document.getElementById(apply.getAttribute('aria-describedby') ?? '');
    expect(why?.textContent).toBe('Needs 2 approvals');
    fireEvent.click(screen.getByRole('button', { name: 'Schedule plan' }));
    expect(screen.getByRole('dialog').textContent).toContain('1 of 2 approvals so far');
  });

  it('is not required if the policy requires none, with a link to the setting', () => {
    const { panel } = open({ count: { given: 0, needed: 0 } });
    expect(panel.getByText(/requires no approvals/)).toBeTruthy();
    expect(panel.getByRole('link', { name: 'Settings' }).getAttribute('href')).toBe('/settings');
    expect(panel.queryByRole('textbox')).toBeNull();
    expect(screen.getByRole('button', { name: 'Apply plan' }).hasAttribute('disabled')).toBe(false);
  });

  it('is possible if only a safety rule requires it', () => {
    const values = { rule: 'Pay', why: 'approvals', object: 'pay.example.co.id', given: 0, needed: 1 };
    const finding = {
      check: 'safety-rules',
      status: 'warn',
      field: null,
      objects: [],
      why: 'safety-rules.now',
      values: { ...values, may: 'administrator' },
      fix: null,
      source: 'https://example.com',
    } as const;
    const { panel } = open({ count: { given: 0, needed: 0 } }, undefined, [finding]);
    expect(panel.getByText('One more approval needed')).toBeTruthy();
    expect(panel.getByRole('button', { name: 'Approve plan' })).toBeTruthy();
  });

  it('allows the plan to be applied when there are enough', () => {
    open({ all: [approval(1, 'Intan'), approval(2, 'Bagus')], count: { given: 2, needed: 2 } });
    expect(screen.getByText('Approved 2 of 2')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Apply plan' }).hasAttribute('disabled')).toBe(false);
  });

  it.each([
    ['lostRight', /may no longer approve: it doesn't count/],
    ['author', /is an author of the plan: it doesn't count/],
    ['expired', /the approval has expired: it doesn't count/],
  ] as const)('does not count if it is void by %s, and says so', (why, words) => {
    const all = [approval(1, 'intan@example.com', { why })];
    const { panel } = open({ all, count: { given: 0, needed: 1 } });
    expect(panel.getByText(words)).toBeTruthy();
    expect(panel.getByText('One more approval needed')).toBeTruthy();
  });

  it('names the rules that ask for it, and the authors who don’t count', () => {
    const { panel } = open();
    expect(
      panel.getByText("Required by the rule Shop (DNS writes). Authors don't count: sari@example.com."),
    ).toBeTruthy();
  });

  it('shows when it expires', () => {
    const all = [approval(1, 'Intan', { expiresAt: '2026-12-12T15:54:31.000Z' })];
    const { panel } = open({ all, count: { given: 1, needed: 2 } });
    expect(panel.getByText(/expires/)).toBeTruthy();
  });

  it('is withdrawn after confirmation, and stays visible', async () => {
    const { asked, panel } = open({
      all: [approval(1, 'Intan', { withdrawnAt: '2026-12-11T16:00:00.000Z' }), approval(2, 'Bagus')],
      count: { given: 1, needed: 2 },
    });
    expect(panel.getByText(/then withdrew/)).toBeTruthy();
    expect(panel.queryByRole('button', { name: 'Withdraw the approval of Intan' })).toBeNull();
    fireEvent.click(panel.getByRole('button', { name: 'Withdraw the approval of Bagus' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/The plan then has 0 of 2/)).toBeTruthy();
    expect(asked).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Withdraw approval' }));
    await waitFor(() => expect(asked).toEqual([2]));
  });

  it.each([
    ['begun', /The last check before T0 is over/],
    ['over', /a plan runs only once/],
  ] as const)('is read-only with a reason when the run has %s', (state, words) => {
    const { panel } = open({ all: [approval(1, 'Intan')], count: { given: 1, needed: 2 }, state });
    expect(panel.getByText(words)).toBeTruthy();
    expect(panel.queryByRole('button')).toBeNull();
    expect(panel.queryByRole('textbox')).toBeNull();
  });

  it('shows an invalid name at its field', async () => {
    const { panel } = open({}, { fields: { name: ['approval.twice'] }, form: null });
    fireEvent.click(panel.getByRole('button', { name: 'Approve plan' }));
    expect(await panel.findByText(/This name has already approved/)).toBeTruthy();
    expect(panel.getByLabelText('Your name').getAttribute('aria-invalid')).toBe('true');
  });
});
