import { expect, it } from 'vitest';
import { startRehearsalAccount } from '@/lib/rehearsal/account/rehearsal-account';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { rehearsalT0, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { twoAccounts } from '@/testing/rehearsal/two-accounts';
import { rehearsalValidator } from './rehearsal-validator';

it('plans a plan of two accounts again from both copies, and finds a change of the second one', async () => {
  const { plan, estate, keepAliveS } = testRehearsal(await twoAccounts());
  const clock = new VirtualClock(new Date(rehearsalT0 - 3_600_000));
  const account = await startRehearsalAccount({
    estate,
    clock,
    random: createSeededRandom(1),
    fateOf: () => ({ beforeMs: 1, afterMs: 1 }),
  });
  try {
    let version = 1;
    const cloudOf = account.newAdapters();
    const validator = rehearsalValidator(plan, {
      cloudOf,
      version: () => version,
      keepAliveS,
      rules: { checkPlan: () => [], checkStart: () => [], checkWrite: () => [] },
    });
    version += 1;
    expect(await clock.run(validator.check(false))).toEqual([]);
    const [, second] = Object.values(account.plane.store.world.accounts);
    for (const balancer of Object.values(second?.loadBalancers ?? {})) balancer.listeners = [];
    expect(await clock.run(validator.check(false)), 'it reads no copy that has not changed').toEqual([]);
    version += 1;
    expect(await clock.run(validator.check(false))).toEqual([{ kind: 'outdated', values: {} }]);
    expect(await clock.run(validator.check(true)), 'the run has begun').toEqual([]);
  } finally {
    await account.stop();
  }
});
