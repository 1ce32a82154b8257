import { expect } from 'playwright/test';
import { startAlertReceiver } from '@/testing/worker/alert-receiver';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';

test.use({ appSettings: { SPILLWAY_ALERT_PRIVATE_HOSTS: '127.0.0.1' } });

test('an administrator adds a webhook, tests it, and sees why a delivery failed', async ({ page }) => {
  const receiver = await startAlertReceiver();
  try {
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'Alerts' });
    await panel.getByRole('button', { name: 'Add channel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an alert channel' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('On-call');
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
  } finally {
    await receiver.stop();
  }
});
