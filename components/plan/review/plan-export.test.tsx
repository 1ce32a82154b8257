// @vitest-environment happy-dom

import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { PlanId } from '@/lib/plan/model/model';
import { renderPage } from '@/testing/components/test-page';
import { PlanExportMenu } from './plan-export';

afterEach(cleanup);

it('offers each format as a download of this plan', () => {
  renderPage(<PlanExportMenu planId={PlanId.parse('P-0007')} forms={['terraform', 'tccli', 'json']} />);
  const group = within(screen.getByRole('group', { name: 'Export' }));
  const links = group.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]);
  expect(links).toEqual([
    ['Terraform', '/api/plans/P-0007/terraform'],
    ['tccli', '/api/plans/P-0007/tccli'],
    ['JSON', '/api/plans/P-0007/json'],
  ]);
  for (const link of group.getAllByRole('link')) expect(link.hasAttribute('download')).toBe(true);
});
