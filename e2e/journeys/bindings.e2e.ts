import { readFileSync } from 'node:fs';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { chooseOption, findLanes, openRoutes } from '../support/split-editor';

test('bindings can be filtered, sorted, shared by address, exported as CSV, and opened in a diversion', async ({
  page,
}) => {
  await page.goto('/estate');
  await page.getByRole('link', { name: 'Bindings' }).click();
  const table = page.getByRole('table', { name: 'Bindings' });
  const row = (name: RegExp) => table.getByRole('row', { name });
  await expect(row(/flash\.example\.co\.id/).first()).toBeVisible();
  await expect(page.getByText(/^(\d+) of \1 bindings$/)).toBeVisible();
  await checkScreen(page);

  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // The narrowest windows that show these columns.
  for (const width of [720, 1024, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(overflow, `the list fits ${width} px`).toBeLessThanOrEqual(0);
  }

  await page.getByRole('searchbox', { name: 'Find bindings' }).fill('shop.example.co.id');
  await chooseOption(page.locator('main'), 'Kind', /^CVM$/);
  await expect(row(/Function/)).toHaveCount(0);
  await expect(row(/shop\.example\.co\.id/).first()).toContainText('CVM');
  const head = table.getByRole('columnheader', { name: 'Load balancer' });
  await head.getByRole('button').click();
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');

  // Everyone who opens the address sees the same, in the page itself: it needs no further request.
  await expect(row(/Loading/)).toHaveCount(0);
  const shown = await table.getByRole('row').allInnerTexts();
  await page.route('**/api/read/binding.list?*', (route) => route.abort());
  await page.goto(page.url());
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => table.getByRole('row').allInnerTexts()).toEqual(shown);
  await page.unroute('**/api/read/binding.list?*');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^bindings-sandbox-niaga-\d{8}T\d{6}Z\.csv$/);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines[0]).toBe(
    'region,load_balancer_id,load_balancer,listener_id,listener,rule_id,domains,url,kind,bound_to,health,dns_names,last_change',
  );
  expect(lines).toHaveLength(shown.length);
  for (const line of lines.slice(1)) expect(line).toContain(',cvm,');

  await table.getByRole('link', { name: 'Divert shop.example.co.id' }).first().click();
  await page.waitForURL(/\/diversions\/new\?connection=sandbox-niaga&domain=shop\.example\.co\.id&rule=loc-/);
  const { a } = findLanes(page);
  await expect(a.getByRole('combobox', { name: 'Domain and DNS record' })).toHaveValue('shop.example.co.id');
  await openRoutes(a);
  await expect(a.getByRole('combobox', { name: 'Forwarding rule' })).toContainText('shop.example.co.id/');
});
