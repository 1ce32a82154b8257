import { afterEach, expect, it } from 'vitest';
import { fixedKeys, replaceableKeys } from '@/lib/cloud/keys';
import { RateBudgets } from '@/lib/cloud/rate-budgets';
import { gatewayAnswer, testGateways } from '@/testing/cloud/tencent/test-gateway';
import { readIdentity } from '../read-identity';

const { startGateway, connectionTo, close } = testGateways();
afterEach(close);

const deps = { now: () => new Date(), log: { debug: () => {}, info: () => {}, warn: () => {} } };

const user = { AccountId: '100', UserId: '101', Arn: 'qcs::cam::uin/100:uin/101' };
const role = {
  ...user,
  UserId: '461168601842744:spillway',
  Arn: 'qcs::sts:100:assumed-role/461168601842744',
};
const owners: Readonly<Record<string, object>> = {
  'first-key': user,
  'second-key': user,
  'other-user': { ...user, UserId: '102' },
  'role-key': role,
  'other-role-key': role,
  'endless-id': { ...user, UserId: '1'.repeat(1000) },
  'another-endless-id': { ...user, UserId: '1'.repeat(1000) },
};

/** A cloud that knows the owners of the keys. */
const startCloud = () =>
  startGateway((response, request) => {
    const secretId = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    gatewayAnswer({ RequestId: 'r-0', ...owners[secretId] })(response, request);
  });

const identify = async (endpoint: string, secretId: string, rates: RateBudgets) => {
  await readIdentity({ ...connectionTo(endpoint), secretId }, { ...deps, rates });
  return rates.account(secretId);
};

it('lets the keys of one user share its rate limits, and no others', async () => {
  const rates = new RateBudgets(deps);
  const { endpoint } = await startCloud();
  const ask = (secretId: string) => identify(endpoint, secretId, rates);
  const first = await ask('first-key');
  expect(await ask('second-key')).toBe(first);
  expect(await ask('other-user')).not.toBe(first);
  expect(await ask('other-role-key')).not.toBe(await ask('role-key'));
  // What is no id of the cloud is not kept.
  expect(await ask('endless-id')).not.toBe(await ask('another-endless-id'));
});

it('lets no endpoint name a user of another', async () => {
  const rates = new RateBudgets(deps);
  const first = await identify((await startCloud()).endpoint, 'first-key', rates);
  expect(await identify((await startCloud()).endpoint, 'second-key', rates)).not.toBe(first);
});

it('does not count a new key for the user of the key that it replaced during the question', async () => {
  const rates = new RateBudgets(deps);
  const { endpoint } = await startCloud();
  const first = await identify(endpoint, 'first-key', rates);
  const secretKey = 'a-very-secret-key';
  const keys = replaceableKeys(fixedKeys({ secretId: 'second-key', secretKey }));
  const onWire = async <T>(_request: object, send: () => Promise<T>) => {
    const answer = await send();
    keys.replace(fixedKeys({ secretId: 'other-user', secretKey }));
    return answer;
  };
  await readIdentity(connectionTo(endpoint), { ...deps, rates, keys, onWire });
  expect(rates.account('other-user')).not.toBe(first);
  expect(rates.account('second-key')).not.toBe(first);
});
