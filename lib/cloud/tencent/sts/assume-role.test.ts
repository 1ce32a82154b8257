import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';
import { type CloudKey, fixedKeys, separateKeys } from '@/lib/cloud/keys';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { readIdentity } from '@/lib/cloud/tencent/read-identity';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { type AssumedRole, roleKeys } from './assume-role';

/* Keys of roles, issued and checked by a real sandbox. */

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.110.0.0/16' });
afterAll(() => cloud.plane.stop());
beforeEach(async () => {
  await cloud.reset();
  skippedMs = 0;
  warnings.length = 0;
});

const uin = '100028471935';
const role: AssumedRole = {
  arn: `qcs::cam::uin/${uin}:roleName/traffic`,
  session: 'spillway',
  externalId: 'spillway',
  durationS: 1000,
};
let skippedMs = 0;
const warnings: object[] = [];

function assume(given: Partial<AssumedRole> = {}) {
  const connection = CloudConnection.parse({
    id: 'test',
    name: 'test',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    regions: ['ap-singapore'],
    ...cloud.keys('niaga', 'reviewer'),
    dns: null,
    portOffset: 0,
  });
  const deps: CloudDeps = {
    now: () => new Date(Date.now() + skippedMs),
    log: { debug: vi.fn(), info: vi.fn(), warn: (fields) => void warnings.push(fields) },
    random: () => 0,
    sleep: async () => {},
  };
  const issued: CloudKey[] = [];
  const keys = roleKeys(connection, fixedKeys(connection), { ...role, ...given }, deps, (key) =>
    issued.push(key),
  );
  return { connection, deps, keys, issued };
}

it('signs calls with the keys of the role, which has rights that its user does not have', async () => {
  const { connection, deps, keys, issued } = assume();
  const who = await readIdentity(connection, { ...deps, keys });
  expect(who).toEqual({ accountUin: uin, userUin: null, roleId: '4611686018427397919' });
  expect(issued).toHaveLength(1);
  const adapter = createTencentCloud(connection, { ...deps, keys: separateKeys('test', keys, keys) });
  const code = await adapter
    .write({
      service: 'clb',
      action: 'ModifyTargetWeight',
      region: 'ap-singapore',
      params: { LoadBalancerId: 'lb-none', ListenerId: 'lbl-none', Targets: [] },
    })
    .catch((error: unknown) => (error instanceof CloudError ? error.data.code : String(error)));
  expect(code).not.toMatch(/Unauthorized|AuthFailure/);
  expect(issued).toHaveLength(1);
  expect(keys.secrets()).toContain(issued[0]?.secretKey);
  expect(keys.secrets()).toContain(issued[0]?.token);
});

it('assumes the role once for calls at the same time', async () => {
  const { keys, issued } = assume();
  const all = await Promise.all([keys.get('read'), keys.get('write'), keys.get('read')]);
  expect(new Set(all.map(({ secretId }) => secretId)).size).toBe(1);
  expect(issued).toHaveLength(1);
});

it('renews the keys after 80 % of their life, in the background', async () => {
  const { keys, issued } = assume();
  const first = await keys.get('read');
  skippedMs = 790_000;
  expect(await keys.get('read')).toBe(first);
  skippedMs = 810_000;
  expect(await keys.get('read')).toBe(first);
  skippedMs = 0;
  await vi.waitFor(() => expect(issued).toHaveLength(2));
  await vi.waitFor(async () => expect((await keys.get('read')).secretId).toBe(issued[1]?.secretId));
});

it('continues with valid keys while a renewal fails, tries again, and fails once they have expired', async () => {
  const { keys, issued } = assume();
  const first = await keys.get('read');
  const [niaga] = Object.values(cloud.plane.store.world.accounts).filter((each) => each.uin === uin);
  const roles = niaga?.roles;
  if (niaga !== undefined) niaga.roles = {};
  skippedMs = 850_000;
  expect(await keys.get('read')).toBe(first);
  await vi.waitFor(() => expect(warnings).toMatchObject([{ code: 'ResourceNotFound.RoleNotFound' }]));
  skippedMs = 999_000;
  await expect(keys.get('read')).rejects.toMatchObject({ data: { code: 'ResourceNotFound.RoleNotFound' } });
  if (niaga !== undefined && roles !== undefined) niaga.roles = roles;
  expect((await keys.get('read')).secretId).not.toBe(first.secretId);
  expect(issued).toHaveLength(2);
});

it('is refused for a role that does not exist, without the external ID, and with a too long life', async () => {
  const codeOf = (given: Partial<AssumedRole>) =>
    assume(given)
      .keys.get('read')
      .catch((error: unknown) => (error instanceof CloudError ? error.data.code : String(error)));
  expect(await codeOf({ arn: `qcs::cam::uin/${uin}:roleName/none` })).toBe('ResourceNotFound.RoleNotFound');
  expect(await codeOf({ externalId: null })).toBe('UnauthorizedOperation');
  expect(await codeOf({ durationS: 50_000 })).toBe('InvalidParameter.OverTimeError');
  expect(await codeOf({ session: 'x' })).toBe('InvalidParameter.ParamError');
});

it('is refused by the cloud with an expired or a changed token', async () => {
  const { connection, deps, keys } = assume({ durationS: 2 });
  const key = await keys.get('read');
  const call = (changed: Partial<CloudKey>) =>
    readIdentity(connection, { ...deps, keys: fixedKeys({ ...key, ...changed }) }).catch((error: unknown) =>
      error instanceof CloudError ? error.data.code : String(error),
    );
  expect(await call({})).toEqual({ accountUin: uin, userUin: null, roleId: '4611686018427397919' });
  expect(await call({ token: `${key.token}x` })).toBe('AuthFailure.TokenFailure');
  expect(await call({ secretId: 'AKIDtmpother' })).toBe('AuthFailure.TokenFailure');
  await vi.waitFor(async () => expect(await call({})).toBe('AuthFailure.TokenFailure'), 10_000);
});
