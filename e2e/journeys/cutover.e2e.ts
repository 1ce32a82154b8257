import { expect } from 'playwright/test';
import { test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { queryDns, requestHttp } from '../support/requests';
import { reviewSale, submitCutover, typeCutover } from '../support/schedule-dialog';
import { runState } from '../support/split-editor';

const domain = 'flash.example.co.id';

test('a cutover runs on schedule: prewarm, T0, hold, T1, drain', async ({ page, app }) => {
  const { sandbox } = app;
  await reviewSale(page);
  const before = await readCloud(sandbox);
  const [vipBefore] = await queryDns(sandbox, domain);

  await typeCutover(page, { t0S: 30, holdS: 12, prewarm: '15 s' });
  await submitCutover(page);

  await test.step('nothing is written before prewarm, and no traffic moves before T0', async () => {
    await expect(runState(page)).toContainText('Scheduled', { timeout: 30_000 });
    expect(await readCloud(sandbox)).toEqual(before);
    await expect(runState(page)).toContainText('Awaiting T0', { timeout: 60_000 });
    expect(await readCloud(sandbox)).not.toEqual(before);
    expect(await queryDns(sandbox, domain)).toEqual([vipBefore]);
  });

  await test.step('from T0 on clients see the function', async () => {
    await expect(runState(page)).toContainText('Holding', { timeout: 60_000 });
    const [vip = ''] = await queryDns(sandbox, domain);
    expect(vip).not.toBe(vipBefore);
    expect((await requestHttp(sandbox, vip, domain)).body).toContain('Flash sale');
    await expect(page.getByText(/First call .+ after T0/)).toBeVisible();
  });

  await test.step('T1 takes all of it back', async () => {
    await expect(runState(page)).toContainText('Rolled back', { timeout: 60_000 });
    expect(await queryDns(sandbox, domain)).toEqual([vipBefore]);
    expect(await readCloud(sandbox)).toEqual(before);
  });

  await test.step('and the schedule tells how late it was', async () => {
    await page.goto('/schedule');
    await page.getByRole('radio', { name: 'List' }).click();
    const row = page.getByRole('table', { name: 'Past' }).getByRole('row').filter({ hasText: 'Rolled back' });
    await expect(row).toContainText(/\d (ms|s)/);
  });
});
