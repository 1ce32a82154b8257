import { expect, type Locator, type Page } from 'playwright/test';
import { type App, test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import { addFault, clearFaults } from '../support/control-api';
import {
  awaitAction,
  clickHydrated,
  fillSale,
  openDiversionTab,
  reviewAndApply,
  rollback,
  runState,
  sendCommand,
  startSplit,
} from '../support/split-editor';
import { syncEstate } from '../support/sync-estate';

/*
 * Sends every command to a running run: the task of a call does not end before the command was sent, and the command is
 * executed before the next call.
 */
const soon = { timeout: 60_000 };

/** Keeps the task of the next call of an action running until all faults are cleared. */
const blockTask = (app: App, action: string) =>
  addFault(app.sandbox, { action, kind: 'taskNeverEnds', count: 1 });

/** Applies a Split; ends on the page of the run in this state. */
async function apply(page: Page, state: 'Applying' | 'Stopped'): Promise<void> {
  await startSplit(page);
  await fillSale(page);
  await reviewAndApply(page);
  await expect(runState(page)).toContainText(state, soon);
}

/** Applies a Split; ends while the task of its first call is in progress. */
async function applyBlocked(page: Page, app: App): Promise<void> {
  await blockTask(app, 'CreateRule');
  await apply(page, 'Applying');
}

/** Applies a Split whose second call fails until the run stops. */
async function applyStopped(page: Page, app: App): Promise<void> {
  await addFault(app.sandbox, { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3 });
  await apply(page, 'Stopped');
}

const inEffect = (page: Page): Locator => page.getByRole('region', { name: 'Changes in effect' });
const createRule = 'Create rule flash.example.co.id/';

test('a run is paused between two calls, resumed, and rolled back while it is running', async ({
  page,
  app,
}) => {
  const before = await readCloud(app.sandbox);
  await applyBlocked(page, app);
  await page.keyboard.press('p');
  const pausing = page.getByRole('dialog', { name: 'Pause this run?' });
  await pausing.getByRole('textbox', { name: 'Reason (optional)' }).fill('checkout is slow');
  const paused = awaitAction(page);
  await pausing.getByRole('button', { name: 'Pause run' }).click();
  await paused;
  await expect(pausing).toBeHidden();
  await clearFaults(app.sandbox);
  await expect(runState(page)).toContainText('Paused', soon);
  await expect(page.getByText('“checkout is slow”')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeHidden();
  await openDiversionTab(page, 'Changes');
  await expect(inEffect(page).getByText(createRule)).toBeVisible();

  await blockTask(app, 'RegisterFunctionTargets');
  await sendCommand(page, 'Continue', 'Continue run');
  await expect(runState(page)).toContainText('Applying', soon);
  await page.keyboard.press('Shift+R');
  const dialog = page.getByRole('dialog', { name: 'Roll back this run?' });
  await dialog.getByText(/^\d+ steps?$/).click();
  await expect(dialog.getByText('Delete rule flash.example.co.id/')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('wrong listener');
  const sent = awaitAction(page);
  await dialog.getByRole('button', { name: 'Roll back run' }).click();
  await sent;
  await expect(dialog).toBeHidden();
  await clearFaults(app.sandbox);
  await expect(runState(page)).toContainText('Rolled back', soon);
  await expect(page.getByText('“wrong listener”')).toBeVisible();
  expect(await readCloud(app.sandbox)).toEqual(before);
});

test('a phone can pause all changes, and pause, resume and roll back a run; other actions need a larger screen', async ({
  page,
  app,
}) => {
  const before = await readCloud(app.sandbox);
  await applyBlocked(page, app);
  await page.setViewportSize({ width: 390, height: 844 });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await expect(button('More commands')).toBeHidden();
  for (const name of ['Pause all changes', 'Pause', 'Roll back']) {
    const box = await button(name).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), name).toBeGreaterThanOrEqual(44);
  }
  await checkScreen(page);
  await sendCommand(page, 'Pause', 'Pause run', 'checkout is slow');
  await clearFaults(app.sandbox);
  await expect(runState(page)).toContainText('Paused', soon);
  await expect(button('Pause')).toBeHidden();
  await blockTask(app, 'RegisterFunctionTargets');
  await sendCommand(page, 'Continue', 'Continue run');
  await expect(runState(page)).toContainText('Applying', soon);

  await button('Pause all changes').click();
  const dialog = page.getByRole('dialog', { name: 'Pause all changes?' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('answers look odd');
  await checkScreen(page);
  await dialog.getByRole('button', { name: 'Pause all changes' }).click();
  await expect(page.getByRole('region', { name: 'Paused' })).toContainText('“answers look odd”');
  await expect(button('Changes paused')).toBeFocused();
  await clearFaults(app.sandbox);
  await expect(runState(page)).toContainText('Paused', soon);
  await rollback(page);
  expect(await readCloud(app.sandbox)).toEqual(before);
  await button('Changes paused').click();
  const resuming = page.getByRole('dialog', { name: 'Resume changes?' });
  await resuming.getByRole('textbox', { name: 'Reason' }).fill('all clear');
  await resuming.getByRole('button', { name: 'Resume changes' }).click();
  await expect(button('Pause all changes')).toBeVisible();
});

test('a run is stopped, continued and left as is, and shows what stays in effect', async ({ page, app }) => {
  const before = await readCloud(app.sandbox);
  await applyStopped(page, app);
  await expect(page.getByRole('alert').filter({ hasText: 'RegisterFunctionTargets' })).toBeVisible();
  const run = /R-\d+/.exec(page.url())?.[0] ?? '';
  const attention = page.getByRole('region', { name: 'Needs attention' }).getByRole('link', { name: run });
  await expect(page).toHaveTitle(/^\(\d+\) /);
  await expect(attention).toBeVisible();
  await page.getByRole('button', { name: `Acknowledge ${run}` }).click();
  const acknowledging = page.getByRole('dialog', { name: `Acknowledge ${run}?` });
  await acknowledging.getByRole('textbox', { name: 'Reason' }).fill('the owner knows');
  await acknowledging.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(attention).toBeHidden();

  const choices = page.getByRole('region', { name: 'Options' });
  await expect(choices.getByRole('term')).toHaveText(['Continue', 'Roll back', 'Re-plan', 'Leave as is']);

  await blockTask(app, 'RegisterFunctionTargets');
  await sendCommand(page, 'Continue', 'Continue run');
  await expect(runState(page)).toContainText('Applying', soon);
  await sendCommand(page, 'Leave as is', 'Leave run as is', 'by hand from here');
  await clearFaults(app.sandbox);
  await expect(runState(page)).toContainText('Left as is', soon);
  await expect(page.getByText('“by hand from here”')).toBeVisible();
  await openDiversionTab(page, 'Changes');
  await expect(inEffect(page).getByText(createRule)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Continue' })).toHaveCount(0);
  expect(await readCloud(app.sandbox)).not.toEqual(before);
  // Its baseline is unchanged, so it can still be rolled back.
  await rollback(page);
  expect(await readCloud(app.sandbox)).toEqual(before);
});

test('a re-plan continues from a stopped run, and both runs are rolled back in order', async ({
  page,
  app,
}) => {
  const before = await readCloud(app.sandbox);
  await applyStopped(page, app);
  const stopped = page.url();
  await syncEstate(page);

  await page.goto(stopped);
  await sendCommand(page, 'Re-plan', 'Re-plan run');
  await page.waitForURL(/[?]plan=P-\d+/);
  // The rule already exists, so two calls are left.
  await openDiversionTab(page, 'Changes');
  await expect(page.getByRole('region', { name: 'Plan summary' })).toContainText('2API calls');
  await openDiversionTab(page, 'Now');
  const left = page.getByRole('region', { name: /^Continues R-\d+$/ });
  await expect(left.getByText(createRule)).toBeVisible();
  const plan = page.url();
  await page.goto(stopped);
  await expect(runState(page)).toContainText('Stopped');
  await expect(page.getByText(/^Re-planned as P-\d+, which is not applied yet/)).toBeVisible();

  await page.goto(plan);
  await clickHydrated(page.getByRole('button', { name: 'Apply plan' }));
  await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
  await page.waitForURL(/[?]run=R-\d+/);
  await expect(runState(page)).toContainText('Applied with acknowledged outage', soon);
  await expect(left.getByText(createRule)).toBeVisible();
  const successor = page.url();

  await page.goto(stopped);
  await expect(runState(page)).toContainText('Left as is');
  await expect(page.getByRole('button', { name: /^Roll back/ })).toHaveCount(0);
  await page.goto(successor);
  await rollback(page);
  expect(await readCloud(app.sandbox)).not.toEqual(before);
  await page.goto(stopped);
  await rollback(page);
  expect(await readCloud(app.sandbox)).toEqual(before);
});
