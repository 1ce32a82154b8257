import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { addFault } from '../support/control-api';
import { expectAccessible } from '../support/expect-accessible';
import { fillSale, revert, reviewAndApply, runState, sendCommand, startSplit } from '../support/split-editor';

/* A separate app, which starts without data and measures the traffic of diversions every ten seconds. */
test.use({ appSettings: { SPILLWAY_TRAFFIC_S: '10' } });

const open = async (page: Page) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
};
const panel = (page: Page, name: string) => page.getByRole('region', { name });
const step = (page: Page, name: string) =>
  panel(page, 'First steps').getByRole('listitem').filter({ hasText: name });

test('the overview guides through the first steps, and links each task of a person to its page', async ({
  page,
  app,
}) => {
  await test.step('without data it is empty, and links to the first diversion', async () => {
    await open(page);
    await expect(page.getByRole('link', { name: 'Create first diversion' })).toBeVisible();
    await expect(
      panel(page, 'Needs your attention').getByText('Nothing needs your attention.'),
    ).toBeVisible();
    await expect(page.getByText(/a sandbox|are sandboxes/).first()).toBeVisible();
    await expect(step(page, 'Sync an account')).toContainText('Done', { timeout: 30_000 });
    await expectAccessible(page);
  });

  await test.step('opening a route ticks its step', async () => {
    await step(page, 'Open a route').getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Estate' })).toBeVisible();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await expect(step(page, 'Open a route')).toContainText('Done');
    await expect(step(page, 'Apply a Split in the sandbox')).toContainText('To do');
  });

  await test.step('a held run needs attention, and its banner says what to do', async () => {
    await startSplit(page);
    await fillSale(page);
    const fault = { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3 } as const;
    await addFault(app.sandbox, fault);
    await reviewAndApply(page);
    await expect(runState(page)).toContainText('Held', { timeout: 60_000 });
    const run = new URL(page.url()).pathname;
    await open(page);
    await expectAccessible(page);
    await panel(page, 'Needs your attention')
      .getByRole('link', { name: run.slice('/runs/'.length) })
      .click();
    await page.waitForURL((url) => url.pathname === run);
    const banner = page.getByRole('alert').filter({ hasText: 'What to do' });
    await expect(banner).toContainText('Depending on the code');
    await expectAccessible(page);
    await banner.getByRole('link', { name: 'Open the runbook' }).click();
    await expect(page.getByRole('heading', { name: 'Cloud error' })).toBeInViewport();
    await expectAccessible(page);
    await page.goBack();
    await sendCommand(page, 'Retry', 'Retry run');
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  });

  await test.step('a diversion in effect shows its traffic by side, and nothing needs attention', async () => {
    await open(page);
    const traffic = panel(page, 'Traffic now');
    // The page is updated after the worker's measurement.
    await expect(traffic.getByText(/^[\d.,]+ req\/s$/).first()).toBeVisible({ timeout: 60_000 });
    await expect(traffic.getByText('Function concurrency')).toBeVisible();
    await expect(
      panel(page, 'Needs your attention').getByText('Nothing needs your attention.'),
    ).toBeVisible();
    await expect(step(page, 'Apply a Split in the sandbox')).toContainText('Done');
    await expectAccessible(page);
  });

  await test.step('the rollback is the last step, and the list can be dismissed and resumed', async () => {
    await step(page, 'Roll it back').getByRole('link').click();
    await page.waitForURL(/\/runs\/R-\d+/);
    await revert(page);
    await open(page);
    await expect(panel(page, 'First steps')).toContainText('4 of 4 done');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(panel(page, 'First steps')).toHaveCount(0);
    await page.reload();
    await page.getByRole('button', { name: 'Resume first steps' }).click();
    await expect(panel(page, 'First steps')).toBeVisible();
  });
});
