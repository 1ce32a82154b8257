import { describe, expect, it } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { isSamePlan } from '@/lib/plan/model/hash';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { readSeedEstates } from '@/testing/rehearsal/read-seed-estates';
import { startRehearsalAccount } from '../account/rehearsal-account';

/** Copies a snapshot and reads the copy with the adapter. */
async function readCopy(estate: Estate): Promise<Estate> {
  const clock = new VirtualClock(new Date(estate.takenAt));
  const account = await startRehearsalAccount({
    estate,
    clock,
    random: createSeededRandom(1),
    fateOf: () => ({ beforeMs: 10, afterMs: 10 }),
  });
  try {
    const cloud = account.newAdapters()(estate.connectionId);
    return await clock.run(cloud.readEstate(() => {}));
  } finally {
    await account.stop();
  }
}

/** The parts of a snapshot that a plan, its checks and its writes depend on. */
function listFacts({ takenAt: _takenAt, account, ...estate }: Estate) {
  return { ...estate, billing: account.networkAccountType };
}

describe('copyEstate', () => {
  it('gives a copy that reads as the snapshot', async () => {
    const estate = testEstate();
    const read = await readCopy(estate);
    expect(read.gaps).toEqual([]);
    expect(read.records.filter(({ type }) => type !== 'NS')).toEqual(estate.records);
    expect(read.loadBalancers.map(({ id, vips, vpcId }) => ({ id, vips, vpcId }))).toEqual(
      estate.loadBalancers.map(({ id, vips, vpcId }) => ({ id, vips, vpcId })),
    );
    const planned = planDiversion({ estate, diversion: testSplit(), keepAliveS: 75 });
    const again = planDiversion({ estate: read, diversion: testSplit(), keepAliveS: 75 });
    expect(planned.ok && again.ok && isSamePlan(planned.value, again.value)).toBe(true);
  });

  it.each([
    ['small', ['ap-singapore']],
    ['flash-sale', ['ap-singapore', 'ap-jakarta', 'ap-guangzhou']],
  ])('gives a copy of the %s data that reads as the data itself', async (seed, regions) => {
    const [estate] = await readSeedEstates(seed, regions);
    invariant(estate !== undefined, 'a seed has an account');
    expect(estate.loadBalancers.length).toBeGreaterThan(1);
    const copy = await readCopy(estate);
    // Targets that are no servers have servers of their own.
    const known = copy.instances.filter(({ id }) => estate.instances.some((each) => each.id === id));
    expect(listFacts({ ...copy, instances: known })).toEqual(listFacts(estate));
  });
});
