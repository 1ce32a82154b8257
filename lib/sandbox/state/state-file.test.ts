import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { readStateFile } from './state-file';

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
  stateFile = join(folder, 'world.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rule = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001', LocationId: 'loc-idle0001' };
const target = { Port: 8080, InstanceId: 'ins-web00001' };

test('continues a sandbox where it stopped, and ends the running task', async () => {
  const first = await startTestCloud({ stateFile });
  const { RequestId: id = '' } = await first.clients().clb.RegisterTargets({ ...rule, Targets: [target] });
  await first.plane.stop();

  const second = await startTestCloud({ stateFile, seed: 'flash-sale' });
  const { clb } = second.clients();
  expect((await clb.DescribeTaskStatus({ TaskId: id })).Status).toBe(2);
  second.clock.advance(1000);
  expect((await clb.DescribeTaskStatus({ TaskId: id })).Status).toBe(0);
  const { Listeners: listeners } = await clb.DescribeTargets({ LoadBalancerId: rule.LoadBalancerId });
  expect(listeners?.[0]?.Rules?.[0]?.Targets).toMatchObject([target]);
  await second.plane.stop();
  expect(readStateFile(stateFile)).toEqual(second.plane.store.world);
});

test('has no monitoring data of the time before a restart, because its counts are lost', async () => {
  const minuteMs = 60_000;
  const read = async ({ clients, clock }: Awaited<ReturnType<typeof startTestCloud>>) => {
    const answer = await clients().monitor.GetMonitorData({
      Namespace: 'QCE/LOADBALANCE',
      MetricName: 'QPS',
      Instances: [{ Dimensions: [{ Name: 'vip', Value: '127.81.1.1' }] }],
      Period: 60,
      StartTime: `${new Date(clock.now() - 10 * minuteMs).toISOString().slice(0, 19)}Z`,
      EndTime: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    });
    return answer.DataPoints?.[0]?.Values;
  };
  const first = await startTestCloud({ stateFile });
  expect(await read(first)).toHaveLength(11);
  await first.plane.stop();
  const second = await startTestCloud({ stateFile });
  expect(await read(second)).toEqual([0]);
  second.clock.advance(2 * minuteMs);
  expect(await read(second)).toEqual([0, 0, 0]);
  await second.control('POST', '/reset');
  expect(await read(second)).toHaveLength(11);
  await second.plane.stop();
});

test('ends a task that a fault blocked when the sandbox restarts without that fault', async () => {
  const first = await startTestCloud({ stateFile });
  await first.control('POST', '/faults', { kind: 'taskNeverEnds', action: 'RegisterTargets' });
  const { RequestId: id = '' } = await first.clients().clb.RegisterTargets({ ...rule, Targets: [target] });
  await first.plane.stop();
  const second = await startTestCloud({ stateFile });
  second.clock.advance(0);
  expect((await second.clients().clb.DescribeTaskStatus({ TaskId: id })).Status).toBe(0);
  await second.plane.stop();
});

test.each([
  ['empty', '', /data in .*world\.json is empty\. .*put a backup in its place, or move it away/],
  ['torn', '{"format":"sandbox/1","seed":"sm', /is damaged \(not JSON\)/],
  ['foreign', '{"name":"spillway"}', /no sandbox data/],
  [
    'of another format',
    '{"format":3,"seed":"small","nextId":1,"accounts":{}}',
    /its format is 3, .*reads only "sandbox\/1"/,
  ],
])('refuses a file that is %s and leaves it unchanged', async (_, text, message) => {
  writeFileSync(stateFile, text);
  await expect(startTestCloud({ stateFile })).rejects.toThrow(message);
  expect(readFileSync(stateFile, 'utf8')).toBe(text);
});

test('refuses data of another VIP network, where no address would respond', async () => {
  const first = await startTestCloud({ stateFile });
  await first.plane.stop();
  const other = startTestCloud({ stateFile, vipNetwork: '127.80.0.0/16' });
  await expect(other).rejects.toThrow(/outside 127\.80\.0\.0\/16, such as 127\.81\.1\.1/);
});
