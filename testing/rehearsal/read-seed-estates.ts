import { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Estate } from '@/lib/estate/model';
import type { World } from '@/lib/sandbox/world/world';
import { silentLog } from '@/testing/cloud/connected-sandbox';
import { startTestCloud } from '@/testing/sandbox/test-cloud';

/**
 * Reads the accounts of a seed with the adapter, in their order.
 * @param prepare changes the sandbox data before
 */
export async function readSeedEstates(
  seed: string,
  regions: readonly string[],
  prepare: (world: World) => void = () => {},
): Promise<readonly Estate[]> {
  const { plane } = await startTestCloud({ seed, vipNetwork: '127.77.0.0/16' });
  prepare(plane.store.world);
  const estates: Estate[] = [];
  try {
    for (const { uin, name } of Object.values(plane.store.world.accounts)) {
      const connection = CloudConnection.parse({
        id: name,
        name,
        kind: 'sandbox',
        endpoint: plane.api,
        regions,
        ...plane.store.secrets.keyOf(uin),
        dns: null,
        portOffset: 0,
      });
      const cloud = createTencentCloud(connection, { now: () => new Date(), log: silentLog });
      estates.push(await cloud.readEstate(() => {}));
    }
  } finally {
    await plane.stop();
  }
  return estates;
}
