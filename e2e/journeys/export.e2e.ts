import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import {
  acknowledgeOutage,
  chooseOption,
  fillFunction,
  openDiversionTab,
  readShown,
  startSplit,
} from '../support/split-editor';

/** Downloads the page's plan in one format. */
async function download(page: Page, panel: string, form: string) {
  const links = page.getByRole('region', { name: panel, exact: true }).getByRole('group', { name: 'Export' });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    links.getByRole('link', { name: form }).click(),
  ]);
  return {
    name: file.suggestedFilename(),
    path: await file.path(),
    text: await readFile(await file.path(), 'utf8'),
  };
}

test('a plan is exported in three formats, and imported from its JSON', async ({ page, request }) => {
  const { b } = await startSplit(page);
  await chooseOption(b, 'Load balancer', /lb-sin-api/);
  await fillFunction(page, 'export-page');
  await acknowledgeOutage(b);
  await page.getByRole('button', { name: 'Review plan' }).click();
  await page.waitForURL(/[?]plan=P-\d+/);
  const id = readShown(page, 'plan');
  await openDiversionTab(page, 'Changes');
  const hash = await page.getByText(/^[0-9a-f]{64}$/).textContent();

  await test.step('each format is a separate file with the steps', async () => {
    const configuration = await download(page, 'Steps', 'Terraform');
    expect(configuration.name).toBe(`${id}.tf`);
    expect(configuration.text).toContain('resource "tencentcloud_clb_function_targets_attachment"');
    const script = await download(page, 'Steps', 'tccli');
    expect(script.name).toBe(`${id}.sh`);
    expect(script.text).toContain('call clb RegisterFunctionTargets ap-singapore');
    const back = await download(page, 'Rollback steps', 'tccli (rollback)');
    expect(back.name).toBe(`${id}-back.sh`);
    expect(back.text).toContain('call clb DeregisterFunctionTargets ap-singapore');
  });

  const file = await download(page, 'Steps', 'JSON');
  expect(file.name).toBe(`${id}.json`);
  expect(JSON.parse(file.text)).toMatchObject({ format: 1, hash });
  const schema = await request.get('/api/plans/schema');
  expect(await schema.json()).toMatchObject({ title: 'Spillway plan' });

  await test.step('a changed file is refused with the reason', async () => {
    await page.getByRole('link', { name: 'Diversions', exact: true }).first().click();
    const changed = Buffer.from(file.text.replace('export-page', 'export-pagf'));
    const name = 'changed.json';
    await page.getByLabel('Plan file').setInputFiles({ name, mimeType: 'application/json', buffer: changed });
    await expect(page.getByRole('main').getByRole('alert')).toContainText('changed.json was not imported.');
    await expect(page.getByRole('main').getByRole('alert')).toContainText('The plan in the file was changed');
  });

  await test.step('the unchanged file becomes a separate plan with the same hash', async () => {
    await page.getByLabel('Plan file').setInputFiles(file.path);
    await page.waitForURL(({ searchParams }) => ![null, id].includes(searchParams.get('plan')));
    await openDiversionTab(page, 'Changes');
    await expect(page.getByText(hash ?? '')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply plan' })).toBeEnabled();
  });
});
