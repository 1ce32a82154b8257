import { expect } from 'playwright/test';
import { test } from '../support/app';
import { addFault, effects } from '../support/control-door';
import { choose, lanesOf, revert, reviewAndApply, runState, startSplit } from '../support/split-editor';

test('a run that the cloud refuses says why, waits, and goes on when asked', async ({ page, app }) => {
  await startSplit(page);
  const { b } = lanesOf(page);
  await choose(b, 'Load balancer', /lb-sin-flash/);
  await choose(b, 'Listener', /HTTP:80/);
  await choose(b, 'Backend', /storefront/);
  await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');

  await addFault(app.sandbox, {
    action: 'RegisterFunctionTargets',
    kind: 'taskFails',
    count: 3,
    message: 'backend is not available',
  });
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('Held', { timeout: 60_000 });
  const banner = page.getByRole('alert').filter({ hasText: 'RegisterFunctionTargets' });
  await expect(banner).toContainText('Task.Failed');
  await expect(banner).toContainText('backend is not available');
  await expect(banner).toContainText(/[0-9a-f]{8}-[0-9a-f]{4}/);
  await expect(page.getByText('Create rule flash.example.co.id/').first()).toBeVisible();
  // What is in effect was done once; the call that failed changed nothing.
  expect(Object.values(await effects(app.sandbox))).toEqual([1]);

  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(runState(page)).toContainText('Done', { timeout: 60_000 });
  await revert(page);
});
