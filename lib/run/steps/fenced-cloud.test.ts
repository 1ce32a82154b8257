import { expect, it } from 'vitest';
import type { WriteCall } from '@/lib/estate/call';
import { fencedCloud } from './run-cloud';
import type { RunCloud } from './step-context';

const call: WriteCall = { service: 'dnspod', action: 'ModifyRecord', region: null, params: {} };
const receipt = { action: 'ModifyRecord', requestId: 'r', taskId: null, region: null, loadBalancerId: null };

/** Writes through a fence that takes as long as each of these times in turn. */
async function write(confirmMs: readonly number[], isUnchanged: () => Promise<boolean>) {
  let now = 0;
  let confirmed = 0;
  const cloud: RunCloud = {
    read: () => Promise.reject(new Error('nothing reads')),
    wait: async () => {},
    write: async (_call, isReady = async () => true) => {
      if (!(await isReady())) throw new Error('changed');
      return receipt;
    },
  };
  const fenced = fencedCloud(
    cloud,
    async () => {
      now += confirmMs[confirmed] ?? 0;
      confirmed += 1;
    },
    () => now,
  );
  await fenced.write(call, isUnchanged);
  return confirmed;
}

it('checks an object and T1 again if the fence was confirmed only after a wait', async () => {
  let checks = 0;
  const isUnchanged = async () => {
    checks += 1;
    return true;
  };
  expect(await write([60_000, 10], isUnchanged)).toBe(2);
  expect(checks).toBe(2);
});

it('does not write what was changed during that wait', async () => {
  let checks = 0;
  const isUnchanged = async () => {
    checks += 1;
    return checks === 1;
  };
  await expect(write([60_000, 10], isUnchanged)).rejects.toThrow('changed');
});
