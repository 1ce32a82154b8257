import { expect, test } from 'vitest';
import { claimUsers, USERS } from './claim-users';

test('gives concurrent claims different users', async () => {
  const claims = await Promise.all([claimUsers(), claimUsers(), claimUsers()]);
  const firsts = claims.map(({ firstUid }) => firstUid).sort();
  expect(firsts.every((first) => first >= 64_100 && first + USERS <= 65_534)).toBe(true);
  const [one = 0, two = 0, three = 0] = firsts;
  expect([two - one >= USERS, three - two >= USERS]).toEqual([true, true]);
  for (const claim of claims) claim.release();
});
