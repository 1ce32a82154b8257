import type { SharedKeys } from '@/lib/launch/processes/child-environment';

/** Keys of processes that tests start without a launcher. */
export const testKeys: SharedKeys = { actions: '', alerts: Buffer.alloc(32, 7).toString('base64') };
