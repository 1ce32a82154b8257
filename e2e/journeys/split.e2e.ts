import { expect } from 'playwright/test';
import { test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { queryDns, requestHttp, requestHttps } from '../support/requests';
import {
  acknowledgeOutage,
  chooseOption,
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
    await fillFunction(page, 'sale-page');
    await expect(b.getByText('classic load balancer')).toBeHidden();
    await chooseOption(b, 'Listener', /HTTPS:443/);
  });

  await test.step('errors for HTTP clients block the plan until the name is typed', async () => {
    const b = page.getByRole('region', { name: 'Domain B to SCF' });
    await expect(b.getByText(/also serves flash.example.co.id on HTTP:80/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await acknowledgeOutage(b);
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeEnabled();
  });

  await test.step('a second route of the domain gets its own function', async () => {
    const b = page.getByRole('region', { name: 'Domain B to SCF' });
    await b.getByRole('button', { name: 'Add route' }).click();
    const second = b.getByRole('region', { name: 'Route 2' });
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await expect(page.getByText('Domain B, route 2: Forwarding rule is missing')).toBeVisible();
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
    // Domain A is unchanged.
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
