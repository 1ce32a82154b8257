import { expect } from 'playwright/test';
import { test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { queryDns, requestHttp } from '../support/requests';
import {
  chooseOption,
  fillFunction,
  revert,
  reviewAndApply,
  runState,
  startSplit,
} from '../support/split-editor';

const domain = 'flash.example.co.id';

test('two routes of one domain go to two functions, and are rolled back together', async ({
  page,
  app: { sandbox },
}) => {
  const { b } = await startSplit(page);
  await chooseOption(b, 'Load balancer', /lb-sin-flash/);
  await chooseOption(b, 'Listener', /HTTP:80/);
  await fillFunction(page, 'sale-root');

  await b.getByRole('button', { name: 'Add route' }).click();
  const second = b.getByRole('region', { name: 'Route 2' });
  await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
  await expect(page.getByText('Domain B, route 2: Forwarding rule is missing')).toBeVisible();
  await second.getByRole('textbox', { name: 'New rule path' }).fill('/promo');
  await chooseOption(second, 'Backend', /flash\/storefront:1/);
  await second.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');

  const before = await readCloud(sandbox);
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
  const [vip = ''] = await queryDns(sandbox, domain);
  expect((await requestHttp(sandbox, vip, domain)).body).toContain('Hello CLB');
  expect((await requestHttp(sandbox, vip, domain, '/promo')).body).toContain('Flash sale');

  await revert(page);
  expect(await readCloud(sandbox)).toEqual(before);
});
