import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import {
  accessSheet,
  createHttpsListener,
  createNodeFunction,
  fillLoadBalancer,
} from '../support/diversion-editor';
import { queryDns, requestHttps } from '../support/requests';
import { openOptions, reviewAndApply, rollback, runState, visitEditor } from '../support/split-editor';

const domain = 'hello.example.co.id';

test('an operator publishes a Node.js function on a domain with all its dependencies, and rolls it back', async ({
  page,
  app: { sandbox },
}) => {
  const sheet = accessSheet(page);

  await test.step('the draft is restored after leaving the page', async () => {
    await visitEditor(page, 'access');
    await sheet.getByRole('combobox', { name: 'Domain and DNS record' }).fill(domain);
    await page.goto('/estate');
    await visitEditor(page, 'access');
    await expect(page.getByText('You are editing the draft you left in this tab.')).toBeVisible();
    await expect(sheet.getByRole('combobox', { name: 'Domain and DNS record' })).toHaveValue(domain);
  });

  await test.step('load balancer, listener and function are created in the editor', async () => {
    await fillLoadBalancer(sheet, 'lb-hello');
    await createHttpsListener(sheet);
    await createNodeFunction(sheet, 'hello-node', 'live');
    await expect(sheet.getByRole('textbox', { name: 'Expected answer text' })).toHaveValue('Hello CLB');
    await expect(sheet.getByText(`https://${domain}/`)).toBeVisible();
    // A new record has its own TTL, which the rollback waits for.
    await openOptions(page);
    await page.getByRole('textbox', { name: 'TTL before T0' }).fill('1');
    await checkScreen(page);
  });

  const before = await readCloud(sandbox);
  await test.step('the reviewed plan is applied', async () => {
    await reviewAndApply(page);
    await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
  });

  await test.step('an HTTPS client reaches the function by its name', async () => {
    const addresses = await queryDns(sandbox, domain);
    const answer = await requestHttps(sandbox, addresses.at(-1) ?? '', domain);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Hello CLB');
  });

  await test.step('rollback removes everything but the function', async () => {
    await rollback(page);
    expect(await readCloud(sandbox)).toEqual(before);
  });
});
