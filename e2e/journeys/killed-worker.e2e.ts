import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { effects } from '../support/control-api';
import { chooseOption, revert, reviewAndApply, runState, startSplit } from '../support/split-editor';

/* The worker is killed with SIGKILL when the cloud has accepted the call that binds the function and nothing of that is recorded yet; the launcher starts a new one, which recovers the run. */
test.use({ appSettings: { SPILLWAY_FAULT_POINT: 'afterCall:s2' } });

test('a worker killed between a call and its record repeats nothing, and the run ends done', async ({
  page,
  app,
}) => {
  const { b } = await startSplit(page);
  await chooseOption(b, 'Load balancer', /lb-sin-flash/);
  await chooseOption(b, 'Listener', /HTTP:80/);
  await chooseOption(b, 'Backend', /storefront/);
  await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('In effect', { timeout: 60_000 });

  expect(existsSync(join(app.dataDir, 'fault-afterCall-s2')), 'the worker was killed').toBe(true);
  const counted = await effects(app.sandbox);
  expect(Object.keys(counted).map((key) => key.split(' ')[0])).toEqual([
    'CreateRule',
    'RegisterFunctionTargets',
    'ModifyRecordFields',
  ]);
  expect(Object.values(counted)).toEqual([1, 1, 1]);
  await expect(page.getByText('verified')).toBeVisible();
  await revert(page);
});
