import { expect } from 'playwright/test';
import { startAlertReceiver } from '@/testing/worker/alert-receiver';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { clickHydrated, fillSale, reviewAndApply, runState, startSplit } from '../support/split-editor';

test.use({ appSettings: { SPILLWAY_ALERT_PRIVATE_HOSTS: '127.0.0.1' } });

test('an administrator adds a webhook, tests it, and rolls a run back from an alert', async ({
  page,
  browser,
}) => {
  const receiver = await startAlertReceiver();
  try {
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'Alerts' });
    await panel.getByRole('button', { name: 'Add channel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an alert channel' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('On-call');
    await dialog.getByRole('checkbox', { name: 'Run done' }).check();
    await dialog.getByRole('checkbox', { name: 'T0 soon' }).check();
    await dialog.getByRole('textbox', { name: 'Address' }).fill('http://hooks.example.com/');
    await dialog.getByRole('button', { name: 'Add channel' }).click();
    await expect(dialog.getByText('Enter an address that starts with https://')).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('textbox', { name: 'Address' }).fill(`${receiver.origin}/hook`);
    await dialog.getByRole('button', { name: 'Add channel' }).click();
    await expect(dialog.getByText('whsec_')).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Close' }).click();

    await panel.getByRole('button', { name: 'Send test alert to On-call' }).click();
    const log = panel.getByRole('region', { name: 'Deliveries' });
    await expect(log.getByText('Sent', { exact: true })).toBeVisible();
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toMatchObject([{ event: 'test' }]);

    receiver.answer(() => ({ status: 503, body: '' }));
    await panel.getByRole('button', { name: 'Send test alert to On-call' }).click();
    await expect(log.getByText('status 503')).toBeVisible();
    await checkScreen(page);

    await test.step('the link of an alert rolls back once, after a sign-in', async () => {
      receiver.answer(() => ({ status: 200, body: '' }));
      await startSplit(page);
      await fillSale(page);
      await reviewAndApply(page);
      const done = () =>
        receiver.received.map(({ body }) => JSON.parse(body)).find(({ event }) => event === 'finished');
      await expect.poll(done, { timeout: 90_000 }).toMatchObject({ actions: [{ action: 'rollback' }] });
      const { url } = done().actions[0];
      // A scanner, or a person who is not signed in, gets the sign-in.
      const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
      const stranger = await other.newPage();
      await stranger.goto(url);
      await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible();
      await other.close();
      await page.goto(url);
      await page.reload();
      const link = page.getByRole('region', { name: 'Roll back run R-' });
      await expect(link.getByRole('textbox', { name: 'Reason' })).toBeVisible();
      await checkScreen(page);
      await link.getByRole('textbox', { name: 'Reason' }).fill('The sale is over');
      await clickHydrated(link.getByRole('button', { name: 'Roll back run' }));
      await expect(link.getByText('The rollback has begun.')).toBeVisible();
      await page.reload();
      await expect(link.getByText('This link was already used.')).toBeVisible();
      await checkScreen(page);
      await link.getByRole('link', { name: 'Open R-' }).click();
      await expect(runState(page)).toContainText('Rolled back', { timeout: 60_000 });
    });
  } finally {
    await receiver.stop();
  }
});
