import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { breakFunction, breakServers, clearFaults } from '../support/control-api';
import { queryDns, requestHttp } from '../support/requests';
import { runState } from '../support/split-editor';
import { addSale, enableFailover, openRow, pressControl } from '../support/switchboard';

const domain = 'flash.example.co.id';
/** The servers of the sale's pool: see the seed. */
const saleServers = ['ins-flashw1k', 'ins-flashw2k'];

/** Finds the board's entry in the navigation with the badge text after its name. */
const boardEntry = (page: Page, badge: string) =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: `Failover ${badge}`, exact: true });

test('a Switch moves by its switch control, fails over automatically once, and switches back on command', async ({
  page,
  app,
}) => {
  const { sandbox } = app;
  const network = sandbox.vipNetwork.split('.', 2).join('.');
  const [cvmVip, functionVip] = [`${network}.1.10`, `${network}.1.20`];
  const isAt = (vip: string) => expect.poll(() => queryDns(sandbox, domain)).toEqual([vip]);

  await test.step('it is added to the board, and nothing moves', async () => {
    await addSale(page);
    const row = page.getByRole('article', { name: domain });
    await expect(row.getByRole('img', { name: /CVM 100 %, SCF 0 %/ })).toBeVisible();
    await expect(row.getByText('Not bound', { exact: true })).toBeVisible();
    // A side that can't serve can't be a failover target.
    await expect(row.getByRole('button', { name: 'Enable failover' })).toBeDisabled();
    await expect(row.getByText('Bind both sides to enable failover.')).toBeVisible();
    // No script can be generated either: the page shows why, without a broken link.
    await expect(row.getByText(/the function is not bound, and the script moves only DNS/i)).toBeVisible();
    await expect(row.getByRole('link', { name: /script/ })).toHaveCount(0);
    await isAt(cvmVip);
    await checkScreen(page);
  });

  await test.step('the switch control moves it to the function and back', async () => {
    await pressControl(await openRow(page, domain), 'SCF');
    await isAt(functionVip);
    expect((await requestHttp(sandbox, functionVip, domain)).body).toContain('Flash sale');
    await pressControl(await openRow(page, domain), 'CVM');
    await isAt(cvmVip);
  });

  await test.step('with failover enabled, it fails over when its servers fail', async () => {
    const row = await openRow(page, domain);
    await expect(row.getByRole('img', { name: /CVM 100 %, SCF 0 %/ })).toBeVisible({ timeout: 30_000 });
    await enableFailover(row);
    await expect(boardEntry(page, '1 with failover enabled')).toBeVisible();
    await expect(row.getByText('CVM is healthy')).toBeVisible();
    const download = page.waitForEvent('download');
    await row.getByRole('link', { name: /^Download the failover script/ }).click();
    expect((await download).suggestedFilename()).toBe(`failover-${domain}.mjs`);

    const mendFunction = await breakFunction(sandbox, 'ap-singapore/flash/storefront');
    await breakServers(sandbox, saleServers);
    const alert = page.getByRole('region', { name: 'Needs attention' });
    await test.step('while the function fails too, it can’t, and every page says so', async () => {
      await expect(row.getByText('CVM fails, and SCF has not passed its probes')).toBeVisible();
      const cvm = row.getByRole('region', { name: 'CVM' });
      await expect(cvm.getByText('0 of 3 probes passed').first()).toBeVisible();
      await expect(cvm.getByText('expected status 200, found 502').first()).toBeVisible();
      await expect(alert).toContainText(
        "failover can't move traffic: the other side has not passed its probes",
      );
      await expect(page).toHaveTitle(/^\(\d+\) /);
      await expect(boardEntry(page, '1 Switch needs attention, 1 with failover enabled')).toBeVisible();
      await checkScreen(page);
      await isAt(cvmVip);
      await mendFunction();
    });
    await expect(row.getByText('Failed over', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(alert).toContainText('Failed over to SCF.');
    await expect(row.getByText(/It never moves back automatically/)).toBeVisible();
    await expect(boardEntry(page, '1 Switch needs attention')).toBeVisible();
    const moves = page.getByRole('region', { name: 'Recent moves' }).getByRole('listitem');
    // Moves of other journeys are listed below.
    await expect(moves.nth(0)).toContainText('Failover');
    await expect(moves.nth(0)).toContainText(`${domain}, to SCF 100 %`);
    await expect(moves.nth(1)).toContainText(`${domain}, to CVM 100 %`);
    await expect(moves.nth(2)).toContainText(`${domain}, to SCF 100 %`);
    await isAt(functionVip);
    expect((await requestHttp(sandbox, functionVip, domain)).body).toContain('Flash sale');
    await checkScreen(page);
    await row
      .getByRole('link', { name: /^run R-/ })
      .first()
      .click();
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
    await expect(page.getByText('failover').first()).toBeVisible();
    await expect(
      page
        .getByRole('region', { name: 'Why it failed over' })
        .getByText('expected status 200, found 502')
        .first(),
    ).toBeVisible();
    await checkScreen(page);
  });

  await test.step('it stays there after the servers recover, until it is moved back with the switch control', async () => {
    await clearFaults(sandbox);
    const row = await openRow(page, domain);
    // The last probe of the servers passed: its latency is shown in place of a failure.
    await expect(row.getByRole('region', { name: 'CVM' }).getByText(/^\d+ ms$/)).toBeVisible({
      timeout: 60_000,
    });
    expect(await queryDns(sandbox, domain)).toEqual([functionVip]);
    await pressControl(row, 'CVM');
    await isAt(cvmVip);
    const after = await openRow(page, domain);
    await expect(after.getByText('Failover disabled')).toBeVisible();
    await after.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove Switch' }).click();
    await expect(page.getByRole('heading', { name: 'No Switches yet' })).toBeVisible();
  });
});
