import { once } from 'node:events';
import { request } from 'node:http';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen, checksScreens } from '../support/check-screen';
import { addFault } from '../support/control-api';

test('the estate is shown as a graph and as a list, can be searched and synced, and opens a new diversion', async ({
  page,
  app,
}) => {
  await page.goto('/estate');
  await expect(page.getByRole('heading', { level: 1, name: 'Estate' })).toBeVisible();
  await expect(page.getByText('flash.example.co.id').first()).toBeVisible();
  await checkScreen(page);
  await page.getByRole('radio', { name: 'List' }).click();
  const table = page.getByRole('table', { name: 'Routes of the estate' });
  await expect(table.getByRole('row', { name: /flash\.example\.co\.id/ }).first()).toBeVisible();
  await checkScreen(page);
  await page.getByRole('searchbox', { name: 'Find in estate' }).fill('checkout');
  await expect(table.getByRole('row', { name: /flash\.example\.co\.id/ })).toHaveCount(0);
  await expect(table.getByRole('row', { name: /checkout/ }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Find in estate' })).toHaveValue('checkout');
  const sync = page.getByRole('button', { name: 'Sync estate' });
  const throttled = page.getByText(
    /ssl: DescribeCertificates: RequestLimitExceeded: .* \(request [0-9a-f]{8}-/,
  );
  await test.step('a part that the cloud throttles is named with code and request id, until the next sync', async () => {
    // As often as a read is repeated.
    await addFault(app.sandbox, { action: 'DescribeCertificates', kind: 'throttle', count: 5 });
    await sync.click();
    await expect(throttled).toBeVisible();
    await expect(page.getByText('1 part could not be read.')).toBeVisible();
    await checkScreen(page);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await expect(throttled).toBeHidden();
  });
  await expect(page.getByText(/Synced \d+ s ago/)).toBeVisible();
  await page.getByRole('link', { name: 'New diversion' }).first().click();
  await expect(page.getByRole('region', { name: 'Stays on servers' })).toBeVisible();
});

test('the server responds only to this machine', async ({ app }) => {
  const sent = request(`${app.baseURL}/estate`, { headers: { host: 'evil.example' } }).end();
  const [response] = await once(sent, 'response');
  expect(response.statusCode).toBe(403);
});

test('a missing plan or run has an error page', async ({ page }) => {
  for (const path of ['/plans/P-9999', '/runs/R-9999', '/nowhere']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByText('This page does not exist')).toBeVisible();
  }
});

/* The journeys that use the other pages check them. */
if (checksScreens)
  test('the lists and the past estate are accessible in both themes', async ({ page }) => {
    for (const path of ['/estate?at=2020-01-01T00:00:00Z', '/diversions', '/failover']) {
      await page.goto(path);
      await checkScreen(page);
    }
  });
