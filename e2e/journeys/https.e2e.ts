import { expect } from 'playwright/test';
import { test } from '../support/app';
import { queryDns, requestHttps } from '../support/requests';
import {
  chooseOption,
  fillFunction,
  revert,
  reviewAndApply,
  runState,
  startSplit,
} from '../support/split-editor';

test('the sale moves to a function behind an HTTPS listener, and is requested there with its certificate', async ({
  page,
  app: { sandbox },
}) => {
  const { b } = await startSplit(page);
  await chooseOption(b, 'Load balancer', /lb-sin-flash/);
  await chooseOption(b, 'Listener', /HTTPS:443/);
  await fillFunction(page, 'sale-tls');
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });

  const [vip = ''] = await queryDns(sandbox, 'flash.example.co.id');
  const answer = await requestHttps(sandbox, vip, 'flash.example.co.id');
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('Hello CLB');
  await revert(page);
});
