import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { colleague } from '../support/colleague';
import { resetSandbox } from '../support/control-api';
import {
  fillSale,
  openDiversionTab,
  readShown,
  reviewAndApply,
  runState,
  startSplit,
} from '../support/split-editor';
import { syncEstate } from '../support/sync-estate';

// Other journeys reset the sandbox data, so everything that their plans applied has then drifted.
test.use({ appSettings: { SPILLWAY_SYNC_WHOLE_S: '3600' } });

/** Syncs the account, then opens its drift. */
async function lookForDrift(page: Page): Promise<void> {
  await syncEstate(page);
  await page.getByRole('link', { name: 'Review drift' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Drift' })).toBeVisible();
}

const rule = 'flash.example.co.id/';
const ofRule = (page: Page) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: rule }) });

test('drift of an applied plan is found, restored by a plan, or accepted', async ({ page, app }) => {
  await resetSandbox(app.sandbox);
  await startSplit(page);
  await fillSale(page);
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  const run = readShown(page, 'run');
  await lookForDrift(page);
  await expect(page.getByRole('heading', { name: 'No drift' })).toBeVisible();
  await checkScreen(page);

  const other = colleague(app.sandbox, 'operator');
  const place = await other.ruleOf('lb-sin-flash', 'flash.example.co.id');
  const request = await other.weighFunction(place, 66);
  await lookForDrift(page);
  const found = ofRule(page);
  await expect(found).toContainText('weight 10');
  await expect(found).toContainText('weight 66');
  await expect(page.getByRole('link', { name: 'Estate 1 object has drifted' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('link', { name: run })).toBeVisible();
  // The cloud's audit log is queried after the snapshot is stored.
  await expect(found).toContainText('operator', { timeout: 40_000 });
  await expect(found).toContainText('ModifyFunctionTargets');
  await expect(found.getByRole('button', { name: `Copy ${request}` })).toBeVisible();
  await checkScreen(page);

  // The estate shows the drift at the rule itself.
  await page.goto(`/estate?view=list&node=ru:${place.LocationId}`);
  await expect(page.getByText(`Drift since run ${run}`)).toBeVisible();
  await page.getByRole('link', { name: 'Review drift' }).last().click();
  await found.getByRole('button', { name: /^Restore/ }).click();
  await page.waitForURL(/[?]plan=P-\d+/);
  await expect(page.getByRole('heading', { level: 1, name: /^Restore: / })).toBeVisible();
  await openDiversionTab(page, 'Changes');
  await expect(page.getByText(/Set flash\/storefront:1 of .* to weight 10 \(was 66\)/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Apply plan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
  await page.waitForURL(/[?]run=R-\d+/);
  await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
  await lookForDrift(page);
  await expect(page.getByRole('heading', { name: 'No drift' })).toBeVisible();

  await other.weighFunction(place, 33);
  await lookForDrift(page);
  await expect(ofRule(page)).toContainText('weight 33');
  // By keyboard only.
  await ofRule(page)
    .getByRole('button', { name: /^Accept drift/ })
    .press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('weight 33');
  await dialog.getByRole('button', { name: 'Accept drift' }).press('Enter');
  await expect(dialog).toContainText('Enter a reason. Others will read it.');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The weight means nothing here');
  await checkScreen(page);
  await dialog.getByRole('button', { name: 'Accept drift' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'No drift' })).toBeVisible();
  await expect(page.getByText('The weight means nothing here')).toBeVisible();
  await checkScreen(page);

  await other.weighFunction(place, 10);
  await lookForDrift(page);
  await expect(ofRule(page)).toContainText('Expected, accepted');
  await expect(ofRule(page)).toContainText('weight 10');
});
