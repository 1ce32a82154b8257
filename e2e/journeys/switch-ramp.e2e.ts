import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { readCloud } from '../support/cloud-state';
import { switchSides } from '../support/diversion-editor';
import { queryDns, requestHttp } from '../support/requests';
import {
  acknowledgeOutage,
  chooseOption,
  keepHttp,
  reviewAndApply,
  rollback,
  runState,
  sendCommand,
  visitEditor,
} from '../support/split-editor';

const domain = 'flash.example.co.id';
const soon = { timeout: 60_000 };

test('a domain moves to its function by an edited ramp, its bakes are skipped, and it rolls back', async ({
  page,
  app: { sandbox },
}) => {
  const { cvm, fn } = switchSides(page);
  await visitEditor(page, 'switch', { domain });
  await keepHttp(cvm);
  await keepHttp(fn);
  await chooseOption(fn, 'Backend', /flash\/storefront:1/);
  await fn.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await acknowledgeOutage(fn);

  await page.getByRole('button', { name: '10, 50, 100 %' }).click();
  const ramp = page.getByRole('region', { name: 'Ramp' });
  await ramp.getByRole('textbox', { name: 'Share of step 1' }).fill('60');
  await expect(ramp.getByText('Enter a higher share in each step.')).toBeVisible();
  await ramp.getByRole('textbox', { name: 'Share of step 2' }).fill('80');
  for (const step of [1, 2]) await ramp.getByRole('textbox', { name: `Bake after step ${step}` }).fill('20');
  await checkScreen(page);

  const before = await readCloud(sandbox);
  await reviewAndApply(page);
  for (const share of ['first', 'second']) {
    await test.step(`the ${share} bake is skipped`, async () => {
      await expect(runState(page)).toContainText('Baking', soon);
      await sendCommand(page, 'Skip wait', 'Skip wait');
    });
  }
  await expect(runState(page)).toContainText('Applied with acknowledged outage', soon);
  await test.step('the charts show the share, the probes and the events of the run', async () => {
    const charts = page.getByRole('region', { name: 'Traffic and probes' });
    await expect(charts).toContainText('Probed every 10 s until 10 min after the end.', soon);
    await charts.getByText('Shares, probes, forecast and concurrency').click();
    await expect(charts.getByRole('img', { name: /^Slowest probe from .*Slowest \d/ })).toBeVisible(soon);
    await expect(charts.getByRole('img', { name: /^Share of the function .*Intended 100 %/ })).toBeVisible();
    // Marks that are close together share one label, that of the first.
    await expect(charts.getByText('Apply', { exact: true }).first()).toBeVisible();
    await charts.getByText('Figures as a table').click();
    await expect(charts.getByRole('table', { name: 'Figures as a table' })).toContainText('100 %');
    await checkScreen(page);
  });
  const [vip = ''] = await queryDns(sandbox, domain);
  expect((await requestHttp(sandbox, vip, domain)).body).toContain('Flash sale');

  await rollback(page);
  expect(await readCloud(sandbox)).toEqual(before);
});
