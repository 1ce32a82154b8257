// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApprovalsView } from '@/lib/contract/approval';
import { PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { testPlanView } from '@/testing/components/test-plan-view';
import { RequestsPanel, type RequestsPanelProps } from './requests-panel';

afterEach(cleanup);

const at = '2026-12-11T15:54:31.000Z';
const planId = PlanId.parse('P-0001');

function open(change: Partial<ApprovalsView> = {}, props: Partial<RequestsPanelProps> = {}) {
  const asked: unknown[] = [];
  const answer = async (input: unknown) => {
    asked.push(input);
    return ok(null);
  };
  const { all: _, ...approvals } = testPlanView().approvals;
  renderPage(
    <RequestsPanel
      planId={planId}
      hash="abc"
      approvals={{
        ...approvals,
        count: { given: 0, needed: 1 },
        approvers: ['intan@example.com'],
        ...change,
      }}
      approver="sari@example.com"
      moves={null}
      isWaiting={false}
      isOff={false}
      requestApproval={answer}
      cancelRequest={answer}
      declinePlan={answer}
      commentPlan={answer}
      breakGlass={async (input) => {
        asked.push(input);
        return ok({ runId: RunId.parse('R-0001') });
      }}
      {...props}
    />,
  );
  return asked;
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const findDialog = async () => within(await screen.findByRole('dialog'));

it('clears a comment once it was added, unless it was changed after sending', async () => {
  const answers: (() => void)[] = [];
  const commentPlan = () =>
    new Promise<Result<null, never>>((resolve) => {
      answers.push(() => resolve(ok(null)));
    });
  open({}, { commentPlan });
  const comment = screen.getByLabelText('Comment');
  const type = (value: string) => fireEvent.change(comment, { target: { value } });
  const button = screen.getByRole('button', { name: 'Add comment' });
  type('Is the TTL low?');
  fireEvent.click(button);
  type('Is the TTL low enough?');
  await waitFor(() => expect(button.getAttribute('aria-busy')).toBe('true'));
  answers[0]?.();
  await waitFor(() => expect(button.getAttribute('aria-busy')).toBeNull());
  expect(comment).toHaveProperty('value', 'Is the TTL low enough?');
  fireEvent.click(button);
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await waitFor(() => expect(comment).toHaveProperty('value', ''));
});

describe('requests for approval', () => {
  it('go to everyone, or to chosen people, with a message', async () => {
    const asked = open();
    press('Request approval');
    const dialog = await findDialog();
    fireEvent.click(dialog.getByRole('radio', { name: 'These people' }));
    fireEvent.click(dialog.getByLabelText('intan@example.com'));
    fireEvent.change(dialog.getByLabelText('Message (optional)'), { target: { value: 'For the sale.' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Request approval' }));
    await waitFor(() =>
      expect(asked).toEqual([
        { planId, hash: 'abc', approvers: ['intan@example.com'], message: 'For the sale.' },
      ]),
    );
  });

  it('show their state, and say that an edit made earlier ones void', () => {
    const request = { id: 1, actor: 'sari@example.com', approvers: null, message: '', at, gone: [] };
    open({
      requests: [
        { ...request, state: 'canceled' },
        { ...request, id: 2, state: 'void' },
      ],
      voidRequests: 1,
    });
    expect(screen.getByText('Canceled')).toBeTruthy();
    expect(screen.getByText('Void: a newer revision replaces this plan')).toBeTruthy();
    expect(screen.getByText(/A request for an earlier revision is void/)).toBeTruthy();
  });

  it('and approvals are void if the estate requires another plan', () => {
    open({ isOutdated: true });
    expect(screen.getByText(/No approval of this one counts/)).toBeTruthy();
  });
});

describe('a decline', () => {
  it('has a reason, and says whether it stands', async () => {
    const asked = open({
      comments: [
        { id: 1, name: 'intan@example.com', text: 'Too fast.', at, stands: true },
        { id: 2, name: 'bagus@example.com', text: 'Why?', at, stands: null },
      ],
    });
    expect(screen.getAllByText(/needs their approval/)).toHaveLength(1);
    press('Decline plan');
    const dialog = await findDialog();
    fireEvent.change(dialog.getByLabelText('Reason'), { target: { value: 'Not tested.' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Decline plan' }));
    await waitFor(() =>
      expect(asked).toEqual([{ planId, hash: 'abc', name: 'sari@example.com', reason: 'Not tested.' }]),
    );
  });
});

describe('breaking glass', () => {
  it('sends the reason, and on a real account the typed name', async () => {
    const asked = open({}, { moves: ['shop.example.com'] });
    press('Apply without approval');
    const dialog = await findDialog();
    fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: 'The shop is down.' } });
    fireEvent.change(dialog.getByLabelText(/shop.example.com/), { target: { value: 'Shop.example.com ' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Apply without approval' }));
    await waitFor(() =>
      expect(asked).toEqual([
        { planId, hash: 'abc', reason: 'The shop is down.', typedDomain: 'shop.example.com' },
      ]),
    );
  });

  it('is not offered for a plan that has its approvals, nor where a rule forbids it', () => {
    open({ count: { given: 1, needed: 1 } });
    expect(screen.queryByRole('button', { name: 'Apply without approval' })).toBeNull();
    cleanup();
    open({ requirement: { ...testPlanView().approvals.requirement, breakGlass: false } });
    expect(screen.queryByRole('button', { name: 'Apply without approval' })).toBeNull();
  });
});
