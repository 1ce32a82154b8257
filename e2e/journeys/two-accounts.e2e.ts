import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import { accessSheet } from '../support/diversion-editor';
import { queryDns, requestHttp } from '../support/requests';
import { chooseOption, openDiversionTab, openOptions, runState, visitEditor } from '../support/split-editor';

const domain = 'clearance.example.my.id';
const old = 'sandbox-niaga-lama';

test('a name of the old account, which can’t bind functions, moves to a function of the new one', async ({
  page,
  app: { sandbox },
}) => {
  const sheet = accessSheet(page);

  await test.step('a blocked choice of one account is available in the other', async () => {
    // A plan needs both to be synced.
    for (const connection of ['sandbox-niaga', old]) await visitEditor(page, 'access', { connection });
    const name = sheet.getByRole('combobox', { name: 'Domain and DNS record' });
    await name.fill(domain);
    await name.press('Enter');
    await chooseOption(sheet, 'Load balancer', /lb-sin-outlet/);
    await expect(sheet.getByText('Account 100019930278 is billed by CVM.')).toBeVisible();
    await openOptions(page);
    await page.getByRole('checkbox', { name: /^niaga 1/ }).check();
    await chooseOption(sheet, 'Load balancer', /lb-sin-flash/);
    await expect(sheet.getByText('Account 100019930278 is billed by CVM.')).toBeHidden();
    await chooseOption(sheet, 'Listener', /HTTP:80/);
    await chooseOption(sheet, 'Backend', /storefront:1/);
    await sheet.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
    await checkScreen(page);
  });

  await test.step('the review shows the account of each call', async () => {
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
    await expect(page.getByText('and sandbox-niaga')).toBeVisible();
    await openDiversionTab(page, 'Changes');
    const steps = page.getByRole('region', { name: 'Steps', exact: true });
    await expect(steps.getByText(/, account sandbox-niaga$/)).toHaveCount(2);
  });

  const before = await readCloud(sandbox);
  await test.step('the plan is applied, and an HTTP client reaches the function by its name', async () => {
    await page.getByRole('button', { name: 'Apply plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
    await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
    const [vip = ''] = await queryDns(sandbox, domain);
    expect((await requestHttp(sandbox, vip, domain)).body).toContain('Flash sale');
    expect(await readCloud(sandbox)).not.toEqual(before);
  });
});
