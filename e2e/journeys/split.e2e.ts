import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen, countWords } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import { queryDns, requestHttp, requestHttps } from '../support/requests';
import {
  acknowledgeOutage,
  awaitAction,
  chooseOption,
  clickHydrated,
  fillFunction,
  reviewAndApply,
  rollback,
  runState,
  startSplit,
} from '../support/split-editor';

const cvmVip = /^127\.\d+\.1\.10$/;
const domain = 'flash.example.co.id';

test('an operator moves two routes of the sale to two functions behind HTTPS, and rolls both back together', async ({
  page,
  app,
}) => {
  const { sandbox } = app;
  const flashVip = `${sandbox.vipNetwork.split('.', 2).join('.')}.1.20`;

  await test.step('a blocked choice names the violated restriction, and its fix resolves it', async () => {
    const { b } = await startSplit(page);
    await chooseOption(b, 'Load balancer', /lb-sin-classic/);
    await expect(b.getByText('lb-sin-classic is a classic load balancer.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await b.getByRole('button', { name: 'Use lb-sin-flash in ap-singapore' }).click();
    await expect(b.getByRole('combobox', { name: 'Load balancer' })).toContainText('lb-sin-flash');
    await expect(b.getByText(/^lb-sin-flash, HTTP:80 \+ HTTPS:443/)).toBeVisible();
    await b.getByRole('button', { name: 'Remove route 1' }).click();
    await fillFunction(page, 'sale-page');
    await expect(b.getByText('classic load balancer')).toBeHidden();
  });

  await test.step('errors for HTTP clients block the plan until the name is typed', async () => {
    const b = page.getByRole('region', { name: 'Goes to function' });
    await expect(b.getByText(/also serves flash.example.co.id on HTTP:80/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await acknowledgeOutage(b);
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeEnabled();
  });

  await test.step('a second route of the domain gets its own function', async () => {
    const b = page.getByRole('region', { name: 'Goes to function' });
    await b.getByRole('button', { name: 'Add route' }).click();
    const second = b.getByRole('region', { name: 'Route 2' });
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await expect(page.getByText('flash.example.co.id, route 2: Forwarding rule is missing')).toBeVisible();
    await second.getByRole('textbox', { name: 'New rule path' }).fill('/promo');
    await chooseOption(second, 'Backend', /flash\/storefront:1/);
    await second.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  });

  const before = await readCloud(sandbox);
  expect(await queryDns(sandbox, domain)).toEqual([expect.stringMatching(cvmVip)]);

  await test.step('the reviewed plan is applied', async () => {
    await reviewAndApply(page);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  });

  await test.step('DNS and HTTPS clients reach the functions, with the certificate', async () => {
    const [vip = ''] = await queryDns(sandbox, domain);
    expect(vip).toBe(flashVip);
    const answer = await requestHttps(sandbox, vip, domain);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Hello CLB');
    expect((await requestHttps(sandbox, vip, domain, '/promo')).body).toContain('Flash sale');
    // The other name is unchanged.
    const [shopVip = ''] = await queryDns(sandbox, 'shop.example.co.id');
    expect((await requestHttp(sandbox, shopVip, 'shop.example.co.id')).body).toContain('shop-web');
    expect(await readCloud(sandbox)).not.toEqual(before);
  });

  await test.step('rollback restores the cloud', async () => {
    await rollback(page);
    expect(await queryDns(sandbox, domain)).toEqual([expect.stringMatching(cvmVip)]);
    expect(await readCloud(sandbox)).toEqual(before);
  });
});

test('the tour of the README takes at most 10 clicks, 3 typed fields and 2 pages, and meets no block', async ({
  page,
  app: { sandbox },
}) => {
  const counts = { clicks: 0, fields: 0, pages: new Set<string>() };
  const press = async (name: string, within = page.locator('body')) => {
    counts.clicks += 1;
    counts.pages.add(new URL(page.url()).pathname);
    await clickHydrated(within.getByRole('button', { name, exact: true }));
  };
  const fill = async (label: string, text: string, within = page.locator('body')) => {
    counts.fields += 1;
    const field = within.getByLabel(label, { exact: true }).first();
    await field.fill(text);
    await field.press('Enter');
  };
  const b = page.getByRole('region', { name: 'Goes to function' });
  const review = page.getByRole('button', { name: 'Review plan' });
  let before: unknown;
  await expect(async () => {
    await page.goto('/');
    await expect(page.getByRole('link', { name: 'New diversion' }).first()).toBeVisible({ timeout: 2000 });
  }).toPass();

  await test.step('the names are all that the form asks for', async () => {
    counts.clicks += 1;
    await page.getByRole('link', { name: 'New diversion' }).first().click();
    await expect(b).toBeVisible();
    expect(await countWords(page)).toBeLessThanOrEqual(150);
    await checkScreen(page);
    await fill(
      'Domain and DNS record',
      'shop.example.co.id',
      page.getByRole('region', { name: 'Stays on servers' }),
    );
    await fill('Domain and DNS record', domain, b);
    await expect(b.getByText('lb-sin-flash, HTTP:80 + HTTPS:443, new rule /')).toBeVisible();
  });

  await test.step('the function is created, and its answer is the expected text', async () => {
    await press('Create function', b);
    const dialog = page.getByRole('dialog', { name: 'Create function' });
    await fill('Function name', 'tour-page', dialog);
    if (await dialog.isVisible()) await press('Deploy function', dialog);
    await expect(b.getByRole('combobox', { name: 'Backend' })).toContainText('default/tour-page:1', {
      timeout: 30_000,
    });
    await expect(b.getByRole('textbox', { name: 'Expected answer text' })).toHaveValue('Hello CLB');
    await expect(review).toBeEnabled();
    await checkScreen(page);
    before = await readCloud(sandbox);
  });

  await test.step('the plan is applied, and both protocols reach the function', async () => {
    await press('Review plan');
    await page.waitForURL(/\/diversions\/D-/);
    await press('Apply plan');
    await press('Apply plan', page.getByRole('dialog'));
    await page.waitForURL(/[?]run=R-/);
    await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
    const [vip = ''] = await queryDns(sandbox, domain);
    expect((await requestHttp(sandbox, vip, domain)).body).toContain('Hello CLB');
    expect((await requestHttps(sandbox, vip, domain)).body).toContain('Hello CLB');
  });

  await test.step('the rollback restores the cloud', async () => {
    await press('Roll back');
    const answered = awaitAction(page);
    await press('Roll back run', page.getByRole('dialog'));
    await answered;
    await expect(runState(page)).toContainText('Rolled back', { timeout: 120_000 });
    expect(await readCloud(sandbox)).toEqual(before);
  });

  expect(counts.clicks).toBeLessThanOrEqual(10);
  expect(counts.fields).toBeLessThanOrEqual(3);
  expect(counts.pages.size).toBeLessThanOrEqual(2);
});
