import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen, countWords } from '../support/check-screen';
import { addFault, clearFaults, rejectKey } from '../support/control-api';
import { queryDns, requestHttp } from '../support/requests';
import {
  fillSale,
  readShown,
  reviewAndApply,
  runState,
  sendCommand,
  startSplit,
} from '../support/split-editor';

/* A separate app, which starts without data and measures the traffic of diversions every ten seconds. */
test.use({ appSettings: { SPILLWAY_TRAFFIC_S: '10' } });

const open = async (page: Page) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
};
const panel = (page: Page, name: string) => page.getByRole('region', { name });
const step = (page: Page, name: string) =>
  panel(page, 'First steps').getByRole('listitem').filter({ hasText: name });

test('the overview guides through the first steps, and links each task of a person to its page', async ({
  page,
  app,
}) => {
  await test.step('without data it is empty, and links to the first diversion', async () => {
    await open(page);
    await expect(page.getByRole('heading', { name: 'All traffic is on the servers' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'New diversion' })).toBeVisible();
    await expect(panel(page, 'Needs you')).toHaveCount(0);
    await expect(step(page, 'Sync an account').getByRole('img', { name: 'Done' })).toBeVisible({
      timeout: 30_000,
    });
    expect(await countWords(page)).toBeLessThanOrEqual(80);
    await checkScreen(page);
  });

  await test.step('a part that could not be read has an error and a retry, and the others stay', async () => {
    let isFailing = true;
    await page.route('**/api/read/overview.get', async (route) => {
      const response = await route.fetch();
      const view = await response.json();
      const code = '4f1c09ab';
      const failed = {
        health: { value: null, code },
        needs: { ...view.needs, unread: [{ source: 'health', code }] },
      };
      await route.fulfill({ response, json: isFailing ? { ...view, ...failed } : view });
    });
    await open(page);
    const health = panel(page, 'Health');
    await expect(health.getByRole('alert')).toContainText('search the log for 4f1c09ab');
    await expect(page.getByRole('link', { name: 'New diversion' })).toBeVisible();
    await checkScreen(page);
    isFailing = false;
    await health.getByRole('button', { name: 'Try again' }).click();
    await expect(health.getByRole('alert')).toBeHidden();
    await page.unroute('**/api/read/overview.get');
  });

  const openEntry = (name: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

  await test.step('a rejected key is reported with account, code, request id and what to do, until it works again', async () => {
    const code = 'AuthFailure.SecretIdNotFound';
    const whatToDo = 'Check in the cloud console that the key exists and is enabled.';
    await rejectKey(app.sandbox, code);
    // The next sync in the background finds it: SPILLWAY_SYNC_PARTS_S.
    const need = panel(page, 'Needs you').getByRole('listitem').filter({ hasText: 'Sync of niaga' });
    await expect(need).toContainText(code);
    await expect(need.getByRole('button', { name: /^Copy [0-9a-f]{8}-/ })).toBeVisible();
    await expect(need).toContainText(whatToDo);
    await checkScreen(page);
    await openEntry('Settings');
    const task = panel(page, 'Failing background tasks').getByRole('listitem').filter({ hasText: code });
    await expect(task).toContainText('Sync connection sandbox-niaga');
    await expect(task).toContainText(/\(request [0-9a-f]{8}-/);
    await expect(task).toContainText(whatToDo);
    await checkScreen(page);
    await openEntry('Overview');
    await need.getByRole('link', { name: 'Sync of niaga' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'niaga could not be synced.' });
    await expect(alert).toContainText(`${code} at GetCallerIdentity`);
    await expect(alert.getByRole('button', { name: /^Copy [0-9a-f]{8}-/ })).toBeVisible();
    await expect(alert).toContainText(whatToDo);
    await checkScreen(page);
    await clearFaults(app.sandbox);
    await alert.getByRole('button', { name: 'Sync now' }).click();
    await expect(alert).toBeHidden();
    await openEntry('Overview');
    await expect(need).toBeHidden();
  });

  await test.step('opening a route ticks its step', async () => {
    await step(page, 'Open a route').getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Estate' })).toBeVisible();
    await openEntry('Overview');
    await expect(step(page, 'Open a route').getByRole('img', { name: 'Done' })).toBeVisible();
    await expect(
      step(page, 'Apply a Split in the sandbox').getByRole('img', { name: 'To do' }),
    ).toBeVisible();
  });

  await test.step('a stopped run needs attention, and its banner says what to do', async () => {
    await startSplit(page);
    await fillSale(page);
    const fault = { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3 } as const;
    await addFault(app.sandbox, fault);
    await reviewAndApply(page);
    await expect(runState(page)).toContainText('Stopped', { timeout: 60_000 });
    const run = readShown(page, 'run');
    await open(page);
    await checkScreen(page);
    await panel(page, 'Needs you').getByRole('link', { name: run }).click();
    await page.waitForURL((url) => url.searchParams.get('run') === run);
    const banner = page.getByRole('alert').filter({ hasText: 'What to do' });
    await expect(banner).toContainText('Depending on the code');
    await checkScreen(page);
    await banner.getByRole('link', { name: 'Open the runbook' }).click();
    await expect(page.getByRole('heading', { name: 'Cloud error' })).toBeInViewport();
    await checkScreen(page);
    await page.goBack();
    await sendCommand(page, 'Continue', 'Continue run');
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  });

  await test.step('the run compares the requests that move with the planned share, without those that stay', async () => {
    const [flash, shop] = ['flash.example.co.id', 'shop.example.co.id'];
    const browse = async (host: string, count: number) => {
      const [vip = ''] = await queryDns(app.sandbox, host);
      for (let sent = 0; sent < count; sent += 1) await requestHttp(app.sandbox, vip, host);
    };
    const charts = panel(page, 'Traffic and probes');
    await charts.getByText('Shares, probes, forecast and concurrency').click();
    // A whole minute must have been measured since the move.
    await expect(async () => {
      await browse(flash, 200);
      await browse(shop, 50);
      await expect(charts.getByRole('list', { name: 'Tests of the split' })).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 150_000 });
    const tests = charts.getByRole('list', { name: 'Tests of the split' });
    await expect(tests).toContainText('100 % of requests reach the function; planned 100 %.');
    await expect(
      tests.getByTitle(/^95 % interval [\d.]+–100 %\. The difference may be chance/),
    ).toBeVisible();
    await expect(
      charts.getByRole('img', { name: /^Share of the function .*Measured 100 %, Intended 100 %/ }),
    ).toBeVisible();
    await tests.scrollIntoViewIfNeeded();
    await checkScreen(page);
  });

  await test.step('a diversion in effect shows its traffic by side, and nothing needs attention', async () => {
    await open(page);
    const traffic = panel(page, 'Traffic now');
    // The page is updated after the worker's measurement.
    await expect(traffic.getByText(/function [\d.,]+ req\/s.* of \d+ instances/)).toBeVisible({
      timeout: 60_000,
    });
    await expect(panel(page, 'Needs you')).toHaveCount(0);
    await expect(step(page, 'Apply a Split in the sandbox').getByRole('img', { name: 'Done' })).toBeVisible();
    expect(await countWords(page)).toBeLessThanOrEqual(200);
    await checkScreen(page);
  });

  await test.step('the first steps can be dismissed and resumed, and the rollback, the last one, ends them', async () => {
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(panel(page, 'First steps')).toHaveCount(0);
    await page.reload();
    await page.getByRole('button', { name: 'Resume first steps' }).click();
    await expect(step(page, 'Roll it back').getByRole('img', { name: 'To do' })).toBeVisible();
    await panel(page, 'Traffic now')
      .getByRole('button', { name: /^Roll back/ })
      .click();
    const dialog = page.getByRole('dialog', { name: /^Roll back .+\?$/ });
    await checkScreen(page);
    await dialog.getByLabel('Reason (optional)').fill('The sale is over.');
    await dialog.getByRole('button', { name: 'Roll back 1 diversion' }).click();
    await expect(dialog.getByText('Rolling back')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(panel(page, 'Traffic now').getByText('All traffic is on the servers.')).toBeVisible({
      timeout: 90_000,
    });
    await expect(panel(page, 'First steps')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Resume first steps' })).toHaveCount(0);
  });
});
