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
  await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Storefront');

  // Every attempt of the first run fails: its task ends with this message.
  await addFault(app.sandbox, {
    action: 'RegisterFunctionTargets',
    kind: 'taskFails',
    count: 1,
    message: 'backend is not available',
  });
  await addFault(app.sandbox, { action: 'CreateRule', kind: 'throttle', count: 100 });
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('Held', { timeout: 60_000 });
  const banner = page.getByRole('alert');
  await expect(banner).toContainText('RequestLimitExceeded');
  await expect(banner).toContainText(/[0-9a-f]{8}/);
  expect(await effects(app.sandbox)).toEqual({});

  // The faults are over but for the failed task; the run reads back, tries again and ends.
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(runState(page)).toContainText('Done', { timeout: 90_000 });
  await revert(page);
});
