import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import { switchSides } from '../support/diversion-editor';
import { queryDns, requestHttp } from '../support/requests';
import {
  acknowledgeOutage,
  chooseOption,
  clickHydrated,
  keepHttp,
  openDiversionTab,
  openOptions,
  rollback,
  runState,
  visitEditor,
} from '../support/split-editor';

const names = ['flash', 'deals', 'gifts', 'vouchers'].map((label) => `${label}.example.co.id`);
const [flash = '', deals = '', gifts = '', vouchers = ''] = names;
const soon = { timeout: 60_000 };

test('four names from a pasted list move to a function in two waves, and roll back', async ({
  page,
  app: { sandbox },
}) => {
  const { cvm, fn } = switchSides(page);
  const panel = page.getByRole('region', { name: 'Names', exact: true });

  await test.step('names and waves are parsed from a list, which reports rejected entries', async () => {
    await visitEditor(page, 'switch');
    await clickHydrated(page.getByText('Several names'));
    await panel
      .getByRole('textbox', { name: 'Add names' })
      .fill(`https://${flash}/sale\n${deals} not_a_name\n\n# wave 2\n${gifts}, ${vouchers}.`);
    await panel.getByRole('button', { name: 'Add names' }).click();
    await expect(panel.getByText('4 names added.')).toBeVisible();
    await expect(panel.getByText('Line 2: not_a_name. This is not a host name.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Wave 2' }).getByRole('listitem')).toHaveCount(2);
    await expect(cvm.getByRole('textbox', { name: 'Domain and DNS record' })).toHaveValue(`${flash} +3`);
  });

  await test.step('the routes of the first name apply to all names', async () => {
    await keepHttp(cvm);
    await keepHttp(fn);
    await chooseOption(fn, 'Backend', /flash\/storefront:1/);
    await fn.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
    await acknowledgeOutage(fn);
    await panel.getByRole('textbox', { name: 'Bake after wave 1' }).fill('0');
    // New records get this TTL, too; the rollback waits for it.
    await openOptions(page);
    await page.getByRole('textbox', { name: 'TTL before T0' }).fill('1');
    await checkScreen(page);
  });

  const before = await readCloud(sandbox);
  await test.step('the plan has a heading for each wave', async () => {
    await page.getByRole('button', { name: 'Review plan' }).click();
    await openDiversionTab(page, 'Changes');
    await expect(page.getByRole('heading', { name: /Wave 1 of 2 2 names: flash/ }).first()).toBeVisible();
    await expect(page.getByRole('heading', { name: /Wave 2 of 2 2 names: gifts/ }).first()).toBeVisible();
    await checkScreen(page);
  });

  await test.step('all four names point at the function, and roll back together', async () => {
    await page.getByRole('button', { name: 'Apply plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
    await page.waitForURL(/[?]run=R-\d+/);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', soon);
    for (const name of names) {
      const [vip = ''] = await queryDns(sandbox, name);
      expect((await requestHttp(sandbox, vip, name)).body).toContain('Flash sale');
    }
    await rollback(page);
    expect(await readCloud(sandbox)).toEqual(before);
  });

  await test.step('the list of diversions counts its names', async () => {
    await page.goto('/diversions');
    await expect(page.getByText(/\.example\.co\.id \+3/).first()).toBeVisible();
  });
});
