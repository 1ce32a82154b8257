import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { addFault, clearFaults, effects, resetSandbox } from '../support/control-api';
import {
  fillSale,
  openDiversionTab,
  readShown,
  reviewAndApply,
  rollback,
  runState,
  sendCommand,
  startSplit,
} from '../support/split-editor';

/** Returns the worker's log lines for a run: see docs/runbook.md. */
function readRunLines(dataDir: string, runId: string): readonly Record<string, unknown>[] {
  return readFileSync(join(dataDir, 'log/spillway.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"run":"${runId}"`))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
}

test('a run is stopped with the reason when the cloud rejects a call, and continues on command', async ({
  page,
  app,
}) => {
  await resetSandbox(app.sandbox);
  await startSplit(page);
  await fillSale(page);

  await addFault(app.sandbox, {
    action: 'RegisterFunctionTargets',
    kind: 'taskFails',
    count: 3,
    message: 'backend is not available',
  });
  await reviewAndApply(page);
  await expect(runState(page)).toContainText('Stopped', { timeout: 60_000 });
  const banner = page.getByRole('alert').filter({ hasText: 'RegisterFunctionTargets' });
  await expect(banner).toContainText('Task.Failed');
  await expect(banner).toContainText('backend is not available');
  await expect(banner).toContainText(/[0-9a-f]{8}-[0-9a-f]{4}/);
  await openDiversionTab(page, 'Changes');
  await expect(page.getByText('Create rule flash.example.co.id/').first()).toBeVisible();
  // The writes in effect were done once; the failed call changed nothing.
  expect(Object.values(await effects(app.sandbox))).toEqual([1]);

  // The on-call engineer finds the same in the metrics and, by the run's name, in the log.
  const metrics = await (await page.request.get('/api/metrics')).text();
  expect(metrics).toMatch(/^spillway_runs\{state="stopped"\} [1-9]/m);
  expect(metrics).toMatch(/^spillway_runs_stopped\{reason="cloudError"\} [1-9]/m);
  expect((await page.request.get('/api/health/ready')).status()).toBe(200);
  const log = readRunLines(app.dataDir, readShown(page, 'run'));
  expect(log.every(({ step, attempt }) => step !== undefined && attempt === 1)).toBe(true);
  expect(log.find(({ msg }) => /is stopped/.test(String(msg)))).toMatchObject({
    step: 's2',
    event: 'stopped',
  });
  const sent = log.filter(
    ({ msg, action }) => msg === 'cloud call answered' && action === 'RegisterFunctionTargets',
  );
  expect(sent).toHaveLength(3);
  for (const { requestId } of sent) expect(requestId).toMatch(/^[0-9a-f]{8}-/);

  await test.step('throttled calls are retried, which the page shows with code and request id', async () => {
    const action = 'RegisterFunctionTargets';
    await addFault(app.sandbox, { action, kind: 'throttle', count: 1000 });
    await sendCommand(page, 'Continue', 'Continue run');
    await expect(runState(page)).toContainText('Retrying', { timeout: 60_000 });
    const notice = page.getByText(`${action} has been failing since`);
    await expect(notice).toBeVisible();
    await expect(page.getByText('The run retries about every')).toContainText('RequestLimitExceeded');
    await expect(page.getByText('The run retries about every')).toContainText(/Request ID [0-9a-f]{8}-/);
    await checkScreen(page);
    await clearFaults(app.sandbox);
    await expect(notice).toBeHidden();
  });
  await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  await expect(
    page
      .getByRole('region', { name: 'Steps' })
      .getByRole('listitem')
      .filter({ hasText: 'RegisterFunctionTargets' }),
  ).toContainText(/\d+ attempts/);
  await rollback(page);

  await test.step('the record joins plan, events, calls, probes and the audit log, to print and as a file', async () => {
    await page.getByRole('link', { name: 'Record', exact: true }).click();
    await expect(page.getByRole('heading', { name: /^Record of run R-\d+$/ })).toBeVisible();
    await expect(page.getByText('Has this hash')).toBeVisible();
    const calls = page.getByRole('region', { name: 'Calls to the cloud' });
    await expect(calls.getByText('RequestLimitExceeded').first()).toBeVisible();
    await expect(calls).toContainText(/[0-9a-f]{8}-[0-9a-f]{4}/);
    await expect(page.getByRole('region', { name: 'Probes' }).getByRole('row')).not.toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Audit log' }).getByText('plan.apply')).toHaveCount(1);
    await checkScreen(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download JSON' }).click();
    expect((await download).suggestedFilename()).toMatch(/^R-\d+-record\.json$/);
  });
});
