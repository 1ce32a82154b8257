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

const cvmVip = /^127\.\d+\.1\.10$/;

test('an operator moves the sale to a function, reads its response, and rolls it back', async ({
  page,
  app,
}) => {
  const { sandbox } = app;
  const flashVip = `${sandbox.vipNetwork.split('.', 2).join('.')}.1.22`;

  await test.step('a blocked choice says which restriction it breaks, and its fix resolves it', async () => {
    const { b } = await startSplit(page);
    await chooseOption(b, 'Load balancer', /lb-sin-classic/);
    await expect(b.getByText('lb-sin-classic is a classic load balancer.')).toBeVisible();
    await fillFunction(page, 'sale-page');
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await b.getByRole('button', { name: 'Use lb-sin-api in ap-singapore' }).click();
    await expect(b.getByRole('combobox', { name: 'Load balancer' })).toContainText('lb-sin-api');
    await expect(b.getByText('classic load balancer')).toBeHidden();
    await chooseOption(b, 'Listener', /HTTP:80/);
  });

  const before = await readCloud(sandbox);
  expect(await queryDns(sandbox, 'flash.example.co.id')).toEqual([expect.stringMatching(cvmVip)]);

  await test.step('the reviewed plan runs to its end', async () => {
    await reviewAndApply(page);
    await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
  });

  await test.step('HTTP and DNS clients of the test see the function', async () => {
    const [vip = ''] = await queryDns(sandbox, 'flash.example.co.id');
    expect(vip).toBe(flashVip);
    const answer = await requestHttp(sandbox, vip, 'flash.example.co.id');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Hello CLB');
    // Domain A is unchanged.
    const [shopVip = ''] = await queryDns(sandbox, 'shop.example.co.id');
    expect((await requestHttp(sandbox, shopVip, 'shop.example.co.id')).body).toContain('shop-web');
    expect(await readCloud(sandbox)).not.toEqual(before);
  });

  await test.step('rollback restores the cloud', async () => {
    await revert(page);
    expect(await queryDns(sandbox, 'flash.example.co.id')).toEqual([expect.stringMatching(cvmVip)]);
    expect(await readCloud(sandbox)).toEqual(before);
  });
});
