import { expect, it } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { createClients } from './clients';
import { endpointHost } from './endpoint-host';

it.each([
  ['mainland', 'clb', 'ap-guangzhou', 'clb.tencentcloudapi.com'],
  ['mainland', 'dnspod', null, 'dnspod.tencentcloudapi.com'],
  ['mainland', 'scf', 'ap-shanghai-fsi', 'scf.ap-shanghai-fsi.tencentcloudapi.com'],
  ['international', 'clb', 'ap-jakarta', 'clb.intl.tencentcloudapi.com'],
  ['international', 'dnspod', null, 'dnspod.intl.tencentcloudapi.com'],
] as const)('an account of the %s site calls %s in %s at %s', (site, service, region, host) => {
  expect(endpointHost({ site }, service, region)).toBe(host);
});

const connection = (more: object) =>
  CloudConnection.parse({
    id: 'test',
    name: 'Test',
    kind: 'tencent',
    endpoint: null,
    regions: ['ap-shenzhen-fsi'],
    secretId: 'an-id',
    secretKey: 'a-key',
    dns: null,
    portOffset: 0,
    ...more,
  });
/** Returns the host that the SDK sends to, and the language it requests. */
const sentTo = (more: object, region: string | null) => {
  const client = createClients(connection(more))('clb', region, 'read') as unknown as {
    readonly endpoint: string;
    readonly profile: { readonly language: string; readonly httpProfile: { readonly protocol: string } };
  };
  return [client.profile.httpProfile.protocol, client.endpoint, client.profile.language];
};

it('the clients of a connection use its site, its region and its language', () => {
  expect(sentTo({}, 'ap-shenzhen-fsi')).toEqual([
    'https://',
    'clb.ap-shenzhen-fsi.tencentcloudapi.com',
    'en-US',
  ]);
  expect(sentTo({ site: 'international', language: 'zh-CN' }, 'ap-jakarta')).toEqual([
    'https://',
    'clb.intl.tencentcloudapi.com',
    'zh-CN',
  ]);
  expect(sentTo({ endpoint: 'http://127.0.0.1:3001', site: 'international' }, 'ap-jakarta')).toEqual([
    'http://',
    '127.0.0.1:3001',
    'en-US',
  ]);
});
