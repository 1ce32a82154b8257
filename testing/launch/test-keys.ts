import type { SharedKeys, WorkerKeys } from '@/lib/launch/processes/child-environment';

/** Keys of processes that tests start without a launcher. */
export const testKeys = {
  actions: '',
  links: Buffer.alloc(32, 8).toString('base64'),
  sealingKeys: Buffer.alloc(32, 7).toString('base64'),
  sealingKeyFile: '/dev/null',
} satisfies SharedKeys & WorkerKeys;
