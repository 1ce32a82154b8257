// @vitest-environment happy-dom

import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { StateChip } from './state-chip';

afterEach(cleanup);

it.each([
  ['inEffect', false, 'In effect'],
  ['inEffect', true, 'Applied with acknowledged outage'],
  ['rolledBack', true, 'Rolled back'],
] as const)('shows the state %s, with an outage: %s, as %s', (state, hasOutage, text) => {
  renderPage(<StateChip state={state} hasOutage={hasOutage} />);
  expect(screen.getByText(text)).toBeTruthy();
});
