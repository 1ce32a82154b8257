import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from 'playwright/test';
import { dashboardKeyFile, readDashboardKeys } from '@/lib/dashboard-key-file';
import { postgresFolders } from '@/lib/launch/postgres/postgres-folders';
import { postgresOwner } from '@/lib/launch/processes/postgres-owner';
import { test as base, startLauncher } from '../support/app';
import { type Balancer, startBalancer } from '../support/balancer';
import { effects } from '../support/control-api';
import { laterRelease } from '../support/later-release';
import {
  fillSale,
  findLanes,
  openDiversionTab,
  rollback,
  runState,
  startSplit,
} from '../support/split-editor';

/** Dashboards on one database behind one address: two of this build and one of a later release. */
type Fleet = { readonly balancer: Balancer; readonly twin: string; readonly later: string };

const test = base.extend<object, { fleet: Fleet }>({
  fleet: [
    async ({ app }, use) => {
      const { socket } = postgresFolders(app.dataDir, postgresOwner());
      const { owner } = JSON.parse(readFileSync(join(app.dataDir, 'database-passwords.json'), 'utf8'));
      const url = `postgresql://spillway:${owner}@localhost/spillway?host=${encodeURIComponent(socket)}`;
      const [keys] = readDashboardKeys(join(app.dataDir, dashboardKeyFile));
      const web = {
        SPILLWAY_ROLE: 'web',
        DATABASE_URL: url,
        NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: keys?.actions ?? '',
        SPILLWAY_LINK_KEY: keys?.links ?? '',
      };
      const [balancer, twin, later] = await Promise.all([
        startBalancer(),
        startLauncher(web),
        startLauncher(web, laterRelease()),
      ]);
      await use({ balancer, twin: twin.baseURL, later: later.baseURL });
      await Promise.all([balancer.close(), twin.stop(), later.stop()]);
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ fleet, app }, use) => {
    fleet.balancer.lead(app.baseURL);
    await use(fleet.balancer.url);
  },
});

/*
 * The worker is killed with SIGKILL when the cloud has accepted the call that binds the function, before that is
 * recorded; the launcher starts a new one, which recovers the run.
 */
test.use({ appSettings: { SPILLWAY_FAULT_POINT: 'afterCall:s2' } });

const notice = (page: Page) => page.getByText('Spillway was updated. Reload the page.');

async function fillSplit(page: Page): Promise<void> {
  await startSplit(page);
  await fillSale(page);
}

test('a page works with another dashboard of its build, and suggests a reload with one of a newer build', async ({
  page,
  app,
  fleet,
}) => {
  await test.step('a page of one dashboard works with another one of the same build', async () => {
    await fillSplit(page);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    fleet.balancer.lead(fleet.twin);
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    await expect(notice(page)).toBeHidden();
  });

  await test.step('a newer build refuses its action, and the page says so', async () => {
    fleet.balancer.lead(fleet.later);
    await page.getByRole('button', { name: 'Apply plan' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Apply plan' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Spillway was updated after you opened this page');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(notice(page)).toBeVisible();
  });

  await test.step('after a reload the page is of the newer build, and works', async () => {
    const reloaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload page' }).click();
    await reloaded;
    await page.getByRole('button', { name: 'Apply plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
    // The previous call has created none.
    await page.waitForURL(/[?]run=R-0001/);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
    await expect(notice(page)).toBeHidden();
  });

  await test.step('the worker was killed between a call and its record, and the next one repeated nothing', async () => {
    expect(existsSync(join(app.dataDir, 'fault-afterCall-s2')), 'the worker was killed').toBe(true);
    const counted = await effects(app.sandbox);
    expect(Object.keys(counted).map((key) => key.split(' ')[0])).toEqual([
      'CreateRule',
      'RegisterFunctionTargets',
      'ModifyRecordFields',
    ]);
    expect(Object.values(counted)).toEqual([1, 1, 1]);
    await openDiversionTab(page, 'Changes');
    await expect(page.getByText('verified')).toBeVisible();
    await rollback(page);
  });
});

test('an open editor shows the update notice before an action, and keeps its input', async ({
  page,
  fleet,
}) => {
  await fillSplit(page);
  fleet.balancer.lead(fleet.later);
  // The tab becomes visible again.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await expect(notice(page)).toBeVisible();

  const { b } = findLanes(page);
  await b.getByRole('button', { name: 'Create function' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create function' });
  // The newer build has a different editor file; this page's file no longer exists.
  await dialog.getByRole('textbox', { name: 'Code' }).fill('pass');
  await dialog.getByRole('textbox', { name: 'Function name' }).fill('sale-page');
  await dialog.getByRole('button', { name: 'Deploy function' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Spillway was updated after you opened this page');
  await page.keyboard.press('Escape');
  await expect(b.getByRole('textbox', { name: 'Expected answer text' })).toHaveValue('Flash sale');
  await expect(b.getByRole('combobox', { name: 'Backend' })).toContainText('storefront');
});
