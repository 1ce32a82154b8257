import { v20180317 as clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/index.js';
import { afterAll, expect, test } from 'vitest';
import { catchCode, clientConfig, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud();
afterAll(() => cloud.plane.stop());

type Method = 'TC3-HMAC-SHA256' | 'HmacSHA256' | 'HmacSHA1';

/** Creates the official client with another signature method and HTTP method. */
function client(signMethod: Method, reqMethod: 'GET' | 'POST', keys = {}) {
  const config = clientConfig(cloud.plane.api, { ...cloud.keys('small-standard'), ...keys }, 'ap-singapore');
  const { profile = {} } = config;
  const httpProfile = { ...profile.httpProfile, reqMethod };
  return new clb.Client({ ...config, profile: { ...profile, signMethod, httpProfile } });
}

test.each([
  ['HmacSHA1', 'GET'],
  ['HmacSHA1', 'POST'],
  ['HmacSHA256', 'GET'],
  ['HmacSHA256', 'POST'],
  ['TC3-HMAC-SHA256', 'GET'],
] as const)('%s by %s: restores lists, numbers and booleans', async (signMethod, reqMethod) => {
  const { LoadBalancerSet: found } = await client(signMethod, reqMethod).DescribeLoadBalancers({
    LoadBalancerIds: ['lb-cvm00001', 'lb-scf00001'],
    Filters: [{ Name: 'charge-type', Values: ['POSTPAID_BY_HOUR'] }],
    Limit: 1,
  });
  expect(found).toHaveLength(1);
  const health = await client(signMethod, reqMethod).ModifyLoadBalancerAttributes({
    LoadBalancerId: 'lb-cvm00001',
    DeleteProtect: true,
  });
  expect(health.RequestId).toBeDefined();
  cloud.clock.advance(1001);
});

test.each(['HmacSHA1', 'HmacSHA256'] as const)('%s: refused as with the newer method', async (signMethod) => {
  const call = (keys: object) => catchCode(client(signMethod, 'POST', keys).DescribeLoadBalancers({}));
  expect(await call({ secretKey: 'wrong' })).toBe('AuthFailure.SignatureFailure');
  expect(await call({ secretId: 'AKIDNOBODY' })).toBe('AuthFailure.SecretIdNotFound');
});

test('refuses a value that does not fit its type, naming the field', async () => {
  const call = client('HmacSHA256', 'GET').request('DescribeLoadBalancers', { Limit: 'many' });
  await expect(call).rejects.toMatchObject({
    code: expect.stringMatching(/^InvalidParameter/),
    message: expect.stringContaining('`Limit`'),
  });
});

test('rejects the signature after a parameter was changed', async () => {
  const other = new URLSearchParams({ Action: 'DescribeLoadBalancers', Version: '2018-03-17' });
  for (const [name, value] of Object.entries({
    SecretId: cloud.keys('small-standard').secretId,
    Timestamp: String(Math.floor(Date.now() / 1000)),
    Nonce: '1',
    Signature: 'AAAA',
  })) {
    other.set(name, value);
  }
  const response = await fetch(`${cloud.plane.api}/?${other}`);
  expect(await response.json()).toMatchObject({
    Response: { Error: { Code: 'AuthFailure.SignatureFailure' } },
  });
});
