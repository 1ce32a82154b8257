// @vitest-environment happy-dom

import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { renderPage } from '@/testing/components/test-page';
import { RunStateChip } from './run-state-chip';

afterEach(cleanup);

it.each([
  ['done', false, 'In effect'],
  ['done', true, 'Applied with acknowledged outage'],
  // A run that is not in effect causes no outage.
  ['scheduled', true, 'Scheduled'],
  ['rolledBack', true, 'Rolled back'],
] as const)('shows a run in state %s, with an outage: %s, as %s', (state, hasOutage, text) => {
  renderPage(<RunStateMark state={state} hasOutage={hasOutage} />);
  expect(screen.getByText(text)).toBeTruthy();
});

const chip = { hasOutage: false, isCanceled: false, leavesWeights: false, isBlocked: false };

it('shows that a blocked rollback is tried again, instead of waiting for a decision', () => {
  renderPage(<RunStateChip {...chip} state="stopped" isBlocked />);
  expect(screen.getByRole('status').textContent).toBe(
    'StoppedThe cloud refuses the rollback, which is tried again every 30 s.',
  );
});

it('shows a run that ended before it began as canceled, not left as is', () => {
  renderPage(<RunStateChip {...chip} state="closed" isCanceled />);
  expect(screen.getByRole('status').textContent).toBe(
    'CanceledThe run was canceled before it started. Nothing was changed.',
  );
});
