import { expect } from 'playwright/test';
import { dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/index.js';
import { test } from '../support/app';
import { sdkConfig } from '../support/client-config';

test.use({ appSettings: { SPILLWAY_SYNC_PARTS_S: '10' } });

test('a change by another actor appears without a refresh, with the time of the sync', async ({
  page,
  app,
}) => {
  await page.goto('/estate?view=list');
  await expect(page.getByRole('table', { name: 'Routes of the estate' })).toBeVisible();
  const client = new dnspod.v20210323.Client(sdkConfig(app.sandbox, ''));
  await client.CreateRecord({
    Domain: 'example.co.id',
    SubDomain: 'elsewhere',
    RecordType: 'A',
    RecordLine: '默认',
    Value: '203.0.113.77',
  });
  await expect(page.getByRole('row', { name: /elsewhere\.example\.co\.id/ }).first()).toBeVisible({
    timeout: 45_000,
  });
  await expect(page.getByText('DNS, lists and health as of')).toBeVisible();
});
