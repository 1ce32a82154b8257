import { expect, type Page } from 'playwright/test';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { sdkConfig } from '../support/client-config';
import {
  approve,
  findApprovals,
  requireApproval,
  requireNoApproval,
  reviewSale,
  submitCutover,
  typeCutover,
} from '../support/schedule-dialog';
import { runState } from '../support/split-editor';
import { syncEstate } from '../support/sync-estate';

/** Few but long requests, so that many of the first minute start an instance and wait for it: longer than the goal allows. */
const load = { peak: '12', callMs: '5000', waitMs: '100' };

/** Rehearses the plan of the page for the sale, and waits for the verdict. */
async function rehearse(page: Page, verdict: 'meets' | 'misses'): Promise<void> {
  await page
    .getByRole('region', { name: 'Rehearsals' })
    .getByRole('button', { name: 'Rehearse plan' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Rehearse plan' });
  await dialog.getByLabel('Peak (req/s)').fill(load.peak);
  await dialog.getByLabel('Duration of a call (ms)').fill(load.callMs);
  await dialog.getByLabel('Maximum p95 wait (ms)').fill(load.waitMs);
  await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
  await page.waitForURL(/\/rehearsals\/H-\d+/);
  await expect(page.getByText(`The event ${verdict} its goals.`)).toBeVisible({ timeout: 120_000 });
}

/** Opens the plan of a rehearsal's page. */
async function openPlan(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: /^P-/ }).click();
  await page.waitForURL(/[?]plan=P-/);
}

test('a plan with too little warm-up is rehearsed, takes the advice, is rehearsed again, approved for that and applied', async ({
  page,
  app,
}) => {
  const functions = new scf.v20180416.Client(sdkConfig(app.sandbox, 'ap-singapore'));
  await functions.UpdateFunctionConfiguration({
    FunctionName: 'storefront',
    Namespace: 'flash',
    Timeout: 30,
  });
  await syncEstate(page);
  await requireApproval(page, 'anyone', '24');
  const required = 'Needs a rehearsal that met its goals in the last 24 hours.';
  await reviewSale(page);

  await test.step('without a rehearsal the plan can’t be approved', async () => {
    await expect(findApprovals(page).getByText(required)).toBeVisible();
    await approve(page);
    await expect(findApprovals(page).getByText(/The approval rules require a rehearsal/)).toBeVisible();
    await checkScreen(page);
  });

  await test.step('its rehearsal says that instances start too late', async () => {
    await rehearse(page, 'misses');
    const goals = page.getByRole('table', { name: 'Goals' });
    await expect(goals.getByRole('row', { name: /Highest p95 wait/ })).toContainText('Missed');
    await expect(
      page.getByRole('region', { name: 'What to change' }).getByText(/^Keep more instances warm/),
    ).toBeVisible();
    await openPlan(page);
    await expect(findApprovals(page).getByText(required)).toBeVisible();
    await page.goBack();
  });

  await test.step('the advice of Capacity is written into the diversion', async () => {
    await page.getByRole('link', { name: 'Capacity of this event' }).click();
    const advice = page.getByRole('region', { name: 'Advice' });
    await advice.getByRole('button', { name: 'Get advice' }).click();
    await expect(advice.getByText(/^Provision \d+ instances?, and start prewarm at/)).toBeVisible();
    await advice.getByRole('link', { name: /^Use in D-\d+/ }).click();
    await page.waitForURL(/\/diversions\/new/);
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
  });

  await test.step('the new plan meets the goals of the same event, and can be approved', async () => {
    await rehearse(page, 'meets');
    await openPlan(page);
    await approve(page);
    await expect(page.getByText('Approved 1 of 1')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('it is applied at T0, with warm instances', async () => {
    await typeCutover(page, { t0S: 105, holdS: 12, prewarm: '80 s' });
    await submitCutover(page);
    await expect(runState(page)).toContainText('Rolled back', { timeout: 180_000 });
    await expect(page.getByText('Prewarm', { exact: false }).first()).toBeVisible();
    await checkScreen(page);
  });

  await requireNoApproval(page);
});
