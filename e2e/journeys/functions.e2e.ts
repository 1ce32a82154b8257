import { strToU8, zipSync } from 'fflate';
import { expect, type Locator, type Page } from 'playwright/test';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { sdkConfig } from '../support/client-config';
import { addFault } from '../support/control-api';
import { chooseOption } from '../support/split-editor';
import { syncEstate } from '../support/sync-estate';

const code = (answer: string) =>
  `def main_handler(event, context):\n    print("counted")\n    return {"statusCode": 200, "body": "${answer}"}\n`;
const zipped = Buffer.from(zipSync({ 'index.py': strToU8(code('one')) })).toString('base64');

/** The maximum wait for the worker, which reads, writes and waits for the function to be active. */
const worked = { timeout: 30_000 };

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Function' }).getByRole('link', { name }).click();
  await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
}

/** Enters the reason of a change and confirms it; the dialog closes when the server has accepted it. */
async function confirm(dialog: Locator, button: string): Promise<void> {
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Night of the sale');
  await dialog.getByRole('button', { name: button }).click();
  await expect(dialog).toBeHidden();
}

test('an operator changes the code, versions and aliases of a function, tests it, and deletes it', async ({
  page,
  app,
}) => {
  await test.step('an account has a function that no rule uses', async () => {
    const functions = new scf.v20180416.Client(sdkConfig(app.sandbox, 'ap-singapore'));
    await functions.CreateFunction({
      FunctionName: 'ledger',
      Namespace: 'default',
      Runtime: 'Python3.10',
      Handler: 'index.main_handler',
      Code: { ZipFile: zipped },
    });
    await expect
      .poll(async () => (await functions.GetFunction({ FunctionName: 'ledger' })).Status)
      .toBe('Active');
    await syncEstate(page);
  });

  await test.step('the list marks it, and the address contains the filters', async () => {
    await page.getByRole('link', { name: 'Functions', exact: true }).click();
    const table = page.getByRole('table', { name: 'Functions' });
    await expect(table.getByRole('row', { name: /ledger/ })).toContainText('Unused', worked);
    await expect(table.getByRole('row', { name: /checkout/ })).toContainText('1 rule');
    await checkScreen(page);
    await chooseOption(page.locator('main'), 'Use', /^In use$/);
    await expect(table.getByRole('row', { name: /ledger/ })).toHaveCount(0);
    await page.goto(page.url());
    await expect(table.getByRole('row', { name: /checkout/ })).toBeVisible();
    await expect(table.getByRole('row', { name: /ledger/ })).toHaveCount(0);
    await chooseOption(page.locator('main'), 'Use', /^Any use$/);
    await table.getByRole('link', { name: 'ledger' }).click();
    await expect(page.getByRole('heading', { name: 'ledger', level: 1 })).toBeVisible();
  });

  await test.step('its code is edited, deployed and compared with the version before', async () => {
    const latest = page.getByRole('textbox', { name: 'Code of index.py, version $LATEST' });
    await expect(latest).toContainText('"one"', worked);
    await checkScreen(page);
    await page.getByRole('button', { name: 'Edit code' }).click();
    await latest.fill(code('two'));
    await page.getByRole('button', { name: 'Deploy code' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deploy this code to ledger?' });
    await dialog.getByRole('button', { name: 'Deploy code' }).click();
    await expect(page.getByText('Version 1 is published with this code.')).toBeVisible(worked);
    await expect(latest).toContainText('"two"', worked);

    await page.getByRole('button', { name: 'Edit code' }).click();
    await latest.fill(code('three'));
    await page.getByRole('button', { name: 'Deploy code' }).click();
    await test.step('a failed deployment shows code, message, request id and what is in effect, and keeps the code', async () => {
      // As often as a write is repeated.
      await addFault(app.sandbox, { action: 'PublishVersion', kind: 'internalError', count: 5 });
      await dialog.getByRole('button', { name: 'Deploy code' }).click();
      const failure = dialog.getByRole('alert');
      await expect(failure).toContainText('ledger was not deployed completely.');
      await expect(failure.getByRole('button', { name: 'Copy InternalError' })).toBeVisible();
      await expect(failure).toContainText('An internal error has occurred.');
      await expect(failure.getByRole('button', { name: /^Copy [0-9a-f]{8}-/ })).toBeVisible();
      await expect(failure).toContainText('$LATEST has the new code, but no version was published.');
      await checkScreen(page);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(latest).toContainText('"three"');
      await page.getByRole('button', { name: 'Deploy code' }).click();
    });
    await dialog.getByRole('button', { name: 'Deploy code' }).click();
    await expect(page.getByText('Version 2 is published with this code.')).toBeVisible(worked);
    await chooseOption(page.locator('main'), 'Compare with', /^Version 1$/);
    const diff = page.getByRole('textbox', { name: 'Changes in index.py from version 1 to $LATEST' });
    await expect(diff).toContainText('"two"', worked);
    await expect(diff).toContainText('"three"');
    await checkScreen(page);
  });

  await test.step('an alias shares its calls between two versions', async () => {
    await openTab(page, 'Versions and aliases');
    await expect(page.getByRole('table', { name: 'Versions' }).getByRole('row')).toHaveCount(4, worked);
    await page.getByRole('button', { name: 'Create alias' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Alias name' }).fill('live');
    await dialog.getByRole('combobox', { name: 'Version', exact: true }).click();
    await page.getByRole('option', { name: '1', exact: true }).click();
    await chooseOption(dialog, 'Additional version', /^2$/);
    await dialog.getByRole('textbox', { name: 'Share of the additional version' }).fill('15');
    await checkScreen(page);
    await confirm(dialog, 'Save alias');
    const aliases = page.getByRole('table', { name: 'Aliases' });
    await expect(aliases.getByRole('row', { name: /live/ })).toContainText('2 takes 15 %', worked);
    await checkScreen(page);
  });

  await test.step('it is invoked with a POST as a load balancer passes it', async () => {
    await openTab(page, 'Test');
    await chooseOption(page.locator('main'), 'Version or alias', /^live$/);
    await chooseOption(page.locator('main'), 'Event', /POST/);
    await page.getByRole('textbox', { name: 'Body' }).fill('{"item": 12}');
    await page.getByRole('button', { name: 'Invoke function' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Invoke function' }).click();
    const outcome = page.getByRole('region', { name: 'Test result' });
    await expect(outcome).toContainText('200', worked);
    await checkScreen(page);
  });

  await test.step('the page lists the invocation and its output', async () => {
    await openTab(page, 'Invocations and logs');
    const log = page.getByRole('list', { name: 'Newest invocations' });
    await log.getByText('Output').first().click({ timeout: 30_000 });
    await expect(log).toContainText('counted');
    await checkScreen(page);
  });

  await test.step('all actions are in the activity log', async () => {
    await openTab(page, 'Activity');
    const table = page.getByRole('table', { name: 'Changes by Spillway' });
    await expect(table.getByRole('row', { name: /Set alias live to 1, 2 at 15 %/ })).toContainText(
      'Night of the sale',
    );
    const deployments = table.getByRole('row', { name: /Deployed code/ });
    await expect(deployments).toHaveCount(3);
    await expect(deployments.filter({ hasText: 'Failed' })).toContainText(
      /InternalError at PublishVersion.*Request ID [0-9a-f]{8}-/,
    );
    await checkScreen(page);
  });

  await test.step('it is deleted after its name is typed', async () => {
    await page.getByRole('button', { name: 'Delete function' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete ledger?' });
    await expect(dialog.getByRole('region', { name: 'Also deleted' })).toContainText('live');
    await dialog.getByRole('textbox', { name: 'Type ledger to confirm' }).fill('ledger');
    await checkScreen(page);
    await confirm(dialog, 'Delete function');
    await expect(page.getByText('This function is not in the last sync')).toBeVisible(worked);
  });

  await test.step('a function that a rule uses can’t be deleted', async () => {
    await page.getByRole('link', { name: 'Show all functions' }).click();
    await page.getByRole('link', { name: 'checkout' }).click();
    await openTab(page, 'Use');
    await expect(page.getByRole('table', { name: 'Rules that use this function' })).toContainText('checkout');
    await page.getByRole('button', { name: 'Delete function' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete checkout?' });
    await dialog.getByRole('textbox', { name: 'Type checkout to confirm' }).fill('checkout');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Night of the sale');
    await dialog.getByRole('button', { name: 'Delete function' }).click();
    await expect(dialog.getByRole('alert')).toContainText('checkout is in use by');
  });
});
