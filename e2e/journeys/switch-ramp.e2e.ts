import { expect } from 'playwright/test';
import { test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { switchSides, visitEditor } from '../support/diversion-editor';
import { expectAccessible } from '../support/expect-accessible';
import { queryDns, requestHttp } from '../support/requests';
import { chooseOption, revert, reviewAndApply, runState } from '../support/split-editor';

// Uses its own app: the switchboard lists every move of a Switch, and this journey starts before any move.
test.use({ appSettings: { SPILLWAY_SANDBOX_TASK_MS: '50' } });

const domain = 'flash.example.co.id';

test('one domain moves to its function along an edited ramp, and rolls back', async ({
  page,
  app: { sandbox },
}) => {
  const { cvm, fn } = switchSides(page);
  await visitEditor(page, 'switch', { domain });
  await chooseOption(cvm, 'Listener', /HTTP:80/);
  await chooseOption(fn, 'Load balancer', /lb-sin-flash/);
  await chooseOption(fn, 'Listener', /HTTP:80/);
  await chooseOption(fn, 'Backend', /flash\/storefront:1/);
  await fn.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');

  await page.getByRole('button', { name: '10, 50, 100 %' }).click();
  const ramp = page.getByRole('region', { name: 'Ramp' });
  await ramp.getByRole('textbox', { name: 'Share of step 1' }).fill('60');
  await expect(ramp.getByText('Enter a higher share in each step.')).toBeVisible();
  await ramp.getByRole('button', { name: 'Remove step 2' }).click();
  await ramp.getByRole('textbox', { name: 'Bake after step 1' }).fill('0');
  await expectAccessible(page);

  const before = await readCloud(sandbox);
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });
  const [vip = ''] = await queryDns(sandbox, domain);
  expect((await requestHttp(sandbox, vip, domain)).body).toContain('Flash sale');

  await revert(page);
  expect(await readCloud(sandbox)).toEqual(before);
});
