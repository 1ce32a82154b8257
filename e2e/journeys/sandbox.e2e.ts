import { readFileSync } from 'node:fs';
import { expect, type Page } from 'playwright/test';
import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { sdkConfig } from '../support/client-config';
import { resetSandbox } from '../support/control-api';

/** The HTTP listener of lb-sin-flash, as seen by an independent client. */
async function findListener(sandbox: Announcement) {
  const client = new clb.v20180317.Client(sdkConfig(sandbox, 'ap-singapore'));
  const { LoadBalancerSet: [balancer] = [] } = await client.DescribeLoadBalancers({
    LoadBalancerName: 'lb-sin-flash',
  });
  const LoadBalancerId = balancer?.LoadBalancerId ?? '';
  const read = async () => (await client.DescribeListeners({ LoadBalancerId, Port: 80 })).Listeners?.[0];
  const ListenerId = (await read())?.ListenerId ?? '';
  return {
    /** @returns the request's id, or the code and request id of the rejection */
    async createRule(Domain: string): Promise<{ requestId: string; code: string }> {
      try {
        const Rules = [{ Domain, Url: '/' }];
        const { RequestId = '' } = await client.CreateRule({ LoadBalancerId, ListenerId, Rules });
        return { requestId: RequestId, code: '' };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && 'requestId' in error)) throw error;
        return { requestId: String(error.requestId), code: String(error.code) };
      }
    },
    domains: async () => (await read())?.Rules?.map((rule) => rule.Domain) ?? [],
    taskStatus: async (TaskId: string) => client.DescribeTaskStatus({ TaskId }),
  };
}

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

async function injectFault(
  page: Page,
  kind: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const form = panel(page, 'Inject a fault');
  await form.getByRole('combobox', { name: 'Fault type' }).click();
  await page.getByRole('option', { name: kind }).click();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.getByLabel(name, { exact: true });
    await field.fill(value);
    // Leaves the field, which closes its list.
    await field.press('Tab');
  }
  await form.getByRole('button', { name: 'Inject fault' }).click();
  await expect(panel(page, 'Faults').getByRole('row', { name: kind })).toContainText(/\d left/);
}

/** Confirms the replacement of the sandbox data. */
async function replaceSandboxData(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Replace the sandbox data?' });
  await dialog.getByRole('button', { name: 'Replace data' }).click();
  await expect(page.getByText('The sandbox data was replaced.')).toBeVisible();
}

async function exportSandboxData(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('sandbox-flash-sale.json');
  return file.path();
}

async function timeInSandbox(page: Page): Promise<number> {
  return Date.parse((await panel(page, 'Clock').getByRole('time').getAttribute('datetime')) ?? '');
}

test('the sandbox page controls the clock, faults and data, and lists calls by their request ids', async ({
  page,
  app,
}) => {
  // Other journeys of the app have also injected faults and made writes.
  await resetSandbox(app.sandbox);
  const listener = await findListener(app.sandbox);
  await page.goto('/sandbox');

  await test.step('the clock stops and is advanced manually, and due tasks end', async () => {
    await page.getByRole('radio', { name: 'Paused' }).click();
    const leap = page.getByRole('button', { name: 'Advance by 10 min' });
    await expect(leap).toBeEnabled();
    const before = await timeInSandbox(page);
    const { requestId } = await listener.createRule('still.example.co.id');
    expect((await listener.taskStatus(requestId)).Status).toBe(2);
    await expect(page.getByText('1 running task')).toBeVisible();
    await leap.click();
    await expect.poll(() => timeInSandbox(page)).toBe(before + 600_000);
    expect((await listener.taskStatus(requestId)).Status).toBe(0);
    await expect(page.getByText('no running tasks')).toBeVisible();
    await page.getByRole('radio', { name: 'Real time' }).click();
  });

  await test.step('an injected fault hits the next calls, which are listed by their request ids', async () => {
    await injectFault(page, 'Task fails', {
      Action: 'CreateRule',
      Object: 'fails.example.co.id',
      'Task message': 'backend is not available',
    });
    const failed = await listener.createRule('fails.example.co.id');
    await expect
      .poll(() => listener.taskStatus(failed.requestId))
      .toMatchObject({ Status: 1, Message: 'backend is not available' });
    const faults = panel(page, 'Faults');
    await expect(faults.getByRole('row', { name: 'Task fails' })).toContainText(failed.requestId);
    await expect(faults.getByRole('row', { name: 'Task fails' })).toContainText('used up');

    await injectFault(page, 'Throttled', { Action: 'CreateRule', Object: 'kept.example.co.id' });
    const throttled = await listener.createRule('kept.example.co.id');
    expect(throttled.code).toBe('RequestLimitExceeded');
    await expect(faults.getByRole('row', { name: 'Throttled' })).toContainText(throttled.requestId);
    const kept = await listener.createRule('kept.example.co.id');
    await expect.poll(async () => (await listener.taskStatus(kept.requestId)).Status).toBe(0);

    const log = panel(page, 'Log');
    await log.getByRole('searchbox', { name: 'Filter the log' }).fill(throttled.requestId);
    // Until the filter applies, the log also has the throttled calls of other journeys.
    const hit = log.getByRole('row', { name: 'fault: throttle' });
    await expect(hit).toHaveCount(1);
    await expect(hit).toContainText(throttled.requestId);
    await expect(log.getByRole('row', { name: 'fault: taskFails' })).toHaveCount(0);
    const effects = panel(page, 'Writes that took effect');
    await expect(effects.getByRole('row', { name: /CreateRule .*kept\.example\.co\.id\/ 1$/ })).toBeVisible();
    await expect(effects.getByRole('row', { name: 'fails.example.co.id' })).toHaveCount(0);

    // The message of the control API, and the unchanged input.
    const form = panel(page, 'Inject a fault');
    const action = form.getByRole('combobox', { name: 'Action' });
    await action.fill('CreateRules');
    await action.press('Tab');
    await form.getByRole('button', { name: 'Inject fault' }).click();
    await expect(form.getByRole('alert')).toContainText('action: must be an action that the sandbox serves');
    await expect(action).toHaveValue('CreateRules');

    await checkScreen(page);
    await faults.getByRole('button', { name: 'Clear all faults' }).click();
    await expect(faults.getByText('No faults injected.')).toBeVisible();

    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByText(/^On a small screen you can pause all changes/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Inject fault' })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Reset data' })).toBeHidden();
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  await test.step('data is exported, imported again unchanged, and reset', async () => {
    const addRule = async (domain: string) => {
      const { requestId } = await listener.createRule(domain);
      await expect.poll(async () => (await listener.taskStatus(requestId)).Status).toBe(0);
    };
    await addRule('stays.example.co.id');
    const file = await exportSandboxData(page);
    const world = readFileSync(file, 'utf8');
    await addRule('later.example.co.id');

    const fileInput = page.getByLabel('Sandbox data file to import');
    await fileInput.setInputFiles(file);
    await page.getByRole('button', { name: 'Keep current data' }).click();
    expect(await listener.domains()).toContain('later.example.co.id');
    await fileInput.setInputFiles(file);
    await replaceSandboxData(page);
    const domains = await listener.domains();
    expect(domains).toContain('stays.example.co.id');
    expect(domains).not.toContain('later.example.co.id');
    expect(JSON.parse(readFileSync(await exportSandboxData(page), 'utf8'))).toEqual(JSON.parse(world));
    await expect(
      panel(page, 'Writes that took effect').getByText(/^No changes since the sandbox data was loaded/),
    ).toBeVisible();

    await page.getByRole('button', { name: 'Reset data' }).click();
    await replaceSandboxData(page);
    expect(await listener.domains()).not.toContain('stays.example.co.id');
    await fileInput.setInputFiles({
      name: 'broken.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{}'),
    });
    await page
      .getByRole('dialog', { name: 'Replace the sandbox data?' })
      .getByRole('button', { name: 'Replace data' })
      .click();
    await expect(panel(page, 'Sandbox data').getByRole('alert')).toContainText(
      'The sandbox data is rejected',
    );
  });
});

test('another seed adds its accounts to the estate, and the first seed restores the old ones', async ({
  page,
}) => {
  for (const [seed, account, route] of [
    ['small', 'small-standard', /example\.com/],
    ['flash-sale', 'niaga', /flash\.example\.co\.id/],
  ] as const) {
    await page.goto('/sandbox');
    await page.getByRole('combobox', { name: 'Other seed' }).click();
    await page.getByRole('option', { name: seed }).click();
    await page.getByRole('button', { name: 'Load seed' }).click();
    await replaceSandboxData(page);
    await expect(async () => {
      await page.goto(`/estate?connection=sandbox-${account}&view=list`);
      await expect(page.getByRole('button', { name: account })).toBeVisible({ timeout: 1000 });
      await expect(page.getByRole('table').getByRole('row', { name: route }).first()).toBeVisible({
        timeout: 1000,
      });
    }).toPass({ timeout: 45_000 });
  }
});
