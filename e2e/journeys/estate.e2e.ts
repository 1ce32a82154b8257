import { once } from 'node:events';
import { request } from 'node:http';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { expectAccessible } from '../support/expect-accessible';
import { chooseOption, findLanes } from '../support/split-editor';

test('the estate is shown as a graph and as a list, can be searched, and is synced again', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Estate' })).toBeVisible();
  await page.getByRole('radio', { name: 'List' }).click();
  const table = page.getByRole('table', { name: 'Routes of the estate' });
  await expect(table.getByRole('row', { name: /flash\.example\.co\.id/ }).first()).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find in estate' }).fill('checkout');
  await expect(table.getByRole('row', { name: /flash\.example\.co\.id/ })).toHaveCount(0);
  await expect(table.getByRole('row', { name: /checkout/ }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Find in estate' })).toHaveValue('checkout');
  await page.getByRole('button', { name: 'Sync estate' }).click();
  await expect(page.getByText(/Synced \d+ s ago/)).toBeVisible();
});

test('the legacy account is shown as unable to bind functions', async ({ page }) => {
  await page.goto('/diversions/new?connection=sandbox-niaga-lama');
  const { a, b } = findLanes(page);
  for (const lane of [a, b]) await chooseOption(lane, 'Load balancer', /lb-sin-outlet/);
  await chooseOption(b, 'Backend', /outlet/);
  await expect(b.getByText(/billed by CVM/).first()).toBeVisible();
});

test('the server responds to this machine only', async ({ app }) => {
  const sent = request(`${app.baseURL}/estate`, { headers: { host: 'evil.example' } }).end();
  const [response] = await once(sent, 'response');
  expect(response.statusCode).toBe(403);
});

test('a missing plan or run is reported', async ({ page }) => {
  for (const path of ['/plans/P-9999', '/runs/R-9999', '/nowhere']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByText('This page does not exist')).toBeVisible();
  }
});

test('no page breaks accessibility rules in either theme', async ({ page }) => {
  for (const path of [
    '/estate',
    '/estate?view=list',
    '/bindings',
    '/changes',
    '/estate?at=2020-01-01T00:00:00Z',
    '/diversions/new',
    '/plans',
    '/runs',
    '/schedule',
    '/switches',
    '/settings',
    '/sandbox',
  ]) {
    await page.goto(path);
    await expectAccessible(page);
  }
});
