import { afterAll, expect, it } from 'vitest';
import { startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import type { CloudCall } from '../deps';
import { checkAccess } from './check-access';

const sandbox = await startConnectedSandbox({
  controlPort: null,
  vipNetwork: '127.149.0.0/16',
  taskMs: 20,
  connection: { regions: ['ap-jakarta', 'ap-singapore'] },
});
afterAll(() => sandbox.stop());

const log = { debug: () => {}, info: () => {}, warn: () => {} };

async function check(regions: string[]) {
  const calls: CloudCall[] = [];
  const deps = { now: () => new Date(), log, onCall: (call: CloudCall) => calls.push(call) };
  const { features } = await checkAccess({ ...sandbox.connection, regions }, deps);
  return {
    asked: calls.filter(({ service }) => service === 'scf').map(({ region }) => region),
    functions: features.find(({ feature }) => feature === 'functions')?.state,
  };
}

it('tries the reads of functions in a region that has them', async () => {
  expect(await check(['ap-jakarta', 'ap-singapore'])).toEqual({
    asked: ['ap-singapore'],
    functions: 'granted',
  });
});

it('tries none where no region has functions, and judges by the policies of the key', async () => {
  expect(await check(['ap-jakarta'])).toEqual({ asked: [], functions: 'granted' });
});
