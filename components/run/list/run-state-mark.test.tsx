// @vitest-environment happy-dom

import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { RunStateMark } from './run-state-mark';

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
