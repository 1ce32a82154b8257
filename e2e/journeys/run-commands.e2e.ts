import { expect, type Page } from 'playwright/test';
import { type App, test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { resetSandbox, setTaskTime } from '../support/control-api';
import {
  chooseOption,
  revert,
  reviewAndApply,
  runState,
  sendCommand,
  startSplit,
} from '../support/split-editor';
import { addSale } from '../support/switchboard';

/* Every command on a running run: the first call's task takes long enough to press a button, and a command is followed before the second call. */
const slowMs = 6000;
const fastMs = 100;
const soon = { timeout: 60_000 };

/** Starts a sync of the estate and waits until it is done. */
async function readAgain(page: Page): Promise<void> {
  await page.goto('/estate');
  const split = page.getByRole('link', { name: 'New diversion' }).first();
  const href = (await split.getAttribute('href')) ?? '';
  const connection = new URLSearchParams(href.split('?')[1]).get('connection');
  const askedAt = new Date().toISOString();
  await page.getByRole('button', { name: 'Sync estate' }).click();
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/api/connections/${connection}/estate`);
      const { estate } = await answer.json();
      return estate !== null && estate.takenAt > askedAt;
    }, soon)
    .toBe(true);
}

/** Applies a Split whose first call is slow; ends on the page of the run while that call's task is in progress. */
async function applySlowly(page: Page, app: App): Promise<void> {
  await setTaskTime(app.sandbox, slowMs);
  const { b } = await startSplit(page);
  await chooseOption(b, 'Load balancer', /lb-sin-flash/);
  await chooseOption(b, 'Listener', /HTTP:80/);
  await chooseOption(b, 'Backend', /storefront/);
  await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('Applying', soon);
}

test.beforeEach(async ({ page, app }) => {
  await resetSandbox(app.sandbox);
  await readAgain(page);
});

test('pause stops a run between two calls, and resume continues it', async ({ page, app }) => {
  await applySlowly(page, app);
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog', { name: 'Pause this run?' });
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('checkout is slow');
  await dialog.getByRole('button', { name: 'Pause run' }).click();
  await expect(runState(page)).toContainText('Paused', soon);
  await expect(page.getByText('“checkout is slow”')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeDisabled();
  const effects = page.getByRole('region', { name: 'Changes in effect' });
  await expect(effects.getByText('Create rule flash.example.co.id/')).toBeVisible();

  await setTaskTime(app.sandbox, fastMs);
  await sendCommand(page, 'Resume', 'Resume run');
  await expect(runState(page)).toContainText('In effect', soon);
  await revert(page);
});

test('hold waits for a person, and retry continues from there', async ({ page, app }) => {
  await applySlowly(page, app);
  await sendCommand(page, 'Hold', 'Hold run', 'the owner is asleep');
  await expect(runState(page)).toContainText('Held', soon);
  await expect(page.getByRole('alert').filter({ hasText: 'held the run' })).toContainText(
    '“the owner is asleep”',
  );
  const choices = page.getByRole('region', { name: 'Options' });
  await expect(choices.getByRole('term')).toHaveText(['Retry', 'Roll back', 'Re-plan', 'Abort']);

  await setTaskTime(app.sandbox, fastMs);
  await sendCommand(page, 'Retry', 'Retry run');
  await expect(runState(page)).toContainText('In effect', soon);
  await revert(page);
});

test('roll back reverses a running run and restores the cloud', async ({ page, app }) => {
  const before = await readCloud(app.sandbox);
  await applySlowly(page, app);
  await setTaskTime(app.sandbox, fastMs);
  await page.keyboard.press('Shift+R');
  const dialog = page.getByRole('dialog', { name: 'Roll back this run?' });
  await expect(dialog.getByText('Create rule flash.example.co.id/')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('wrong listener');
  await dialog.getByRole('button', { name: 'Roll back run' }).click();
  await expect(runState(page)).toContainText('Rolled back', soon);
  await expect(page.getByText('“wrong listener”')).toBeVisible();
  expect(await readCloud(app.sandbox)).toEqual(before);
});

test('abort ends a run where it is, and says what stays in effect', async ({ page, app }) => {
  const before = await readCloud(app.sandbox);
  await applySlowly(page, app);
  await sendCommand(page, 'Abort', 'Abort run', 'by hand from here');
  await expect(runState(page)).toContainText('Aborted', soon);
  await expect(page.getByText('“by hand from here”')).toBeVisible();
  const effects = page.getByRole('region', { name: 'Changes in effect' });
  await expect(effects.getByText('Create rule flash.example.co.id/')).toBeVisible();
  for (const button of await page.getByRole('button', { name: /^(Retry|Abort)$/ }).all()) {
    await expect(button).toBeDisabled();
  }
  expect(await readCloud(app.sandbox)).not.toEqual(before);
  // Nobody has changed its baseline, so it can still be rolled back.
  await setTaskTime(app.sandbox, fastMs);
  await revert(page);
  expect(await readCloud(app.sandbox)).toEqual(before);
});

test('re-plan creates a plan that continues from a held run, and both are rolled back one after the other', async ({
  page,
  app,
}) => {
  const before = await readCloud(app.sandbox);
  await applySlowly(page, app);
  await sendCommand(page, 'Hold', 'Hold run');
  await expect(runState(page)).toContainText('Held', soon);
  const held = page.url();
  await setTaskTime(app.sandbox, fastMs);
  await readAgain(page);

  await page.goto(held);
  await sendCommand(page, 'Re-plan', 'Re-plan run');
  await page.waitForURL(/\/plans\/P-\d+/);
  // The rule already exists, so two calls are left.
  await expect(page.getByRole('region', { name: 'Plan summary' })).toContainText('2API calls');
  const left = page.getByRole('region', { name: /^Continues R-\d+$/ });
  await expect(left.getByText('Create rule flash.example.co.id/')).toBeVisible();
  const plan = page.url();
  await page.goto(held);
  await expect(runState(page)).toContainText('Held');
  await expect(page.getByText(/^Re-planned as P-\d+, which is not applied yet/)).toBeVisible();

  await page.goto(plan);
  await page.getByRole('button', { name: 'Apply plan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
  await page.waitForURL(/\/runs\/R-\d+/);
  await expect(runState(page)).toContainText('In effect', soon);
  await expect(left.getByText('Create rule flash.example.co.id/')).toBeVisible();
  const successor = page.url();

  await page.goto(held);
  await expect(runState(page)).toContainText('Aborted');
  await expect(page.getByRole('button', { name: /^Roll back/ })).toBeDisabled();
  await page.goto(successor);
  await revert(page);
  expect(await readCloud(app.sandbox)).not.toEqual(before);
  await page.goto(held);
  await revert(page);
  expect(await readCloud(app.sandbox)).toEqual(before);
});

test('skip bake continues a ramp early, and the switch ends done', async ({ page }) => {
  await addSale(page);
  const row = page.getByRole('article', { name: 'flash.example.co.id' });
  await chooseOption(row, 'Ramp of flash.example.co.id', /10, 50, 100 %/);
  await row.getByRole('textbox', { name: 'Minutes of bake between two shares' }).fill('20');
  await row.getByRole('button', { name: 'Arm switch' }).press('Enter');
  await expect(row.getByRole('button', { name: 'Switch to SCF' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\/R-\d+/);
  for (const share of ['first', 'second']) {
    await test.step(`the ${share} bake`, async () => {
      await expect(runState(page)).toContainText('Baking', soon);
      await expect(page.getByRole('button', { name: 'Skip bake' })).toBeEnabled(soon);
      await sendCommand(page, 'Skip bake', 'Skip bake');
    });
  }
  await expect(runState(page)).toContainText('In effect', soon);
  // Journeys of the same app expect the name as in the seed.
  await revert(page);
  await page.goto('/switches');
  await row.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove Switch' }).click();
  await expect(row).toBeHidden();
});
