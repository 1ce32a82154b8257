import { expect, test } from 'vitest';
import { parseWorld } from './parse-world';

const createdAt = 1_700_000_000_000;
const health = { createdAt, targets: [], functions: [] };
const hello = {
  namespace: 'default',
  name: 'hello',
  qualifier: '$LATEST',
  qualifierType: 'VERSION',
  weight: 10,
};
const code = { zip: 'UEs=', handler: 'index.main_handler', runtime: 'Python3.6', memoryMb: 256, timeoutS: 5 };

/** Returns small sandbox data as the first release wrote it. */
const format1 = () => ({
  format: 1,
  seed: 'flash-sale',
  nextId: 12,
  accounts: {
    '100000000001': {
      uin: '100000000001',
      name: 'shop',
      appId: 1300000001,
      networkAccountType: 'STANDARD',
      secretId: 'AKIDOLD',
      secretKey: 'old',
      loadBalancers: {
        'lb-old00001': {
          id: 'lb-old00001',
          name: 'shop',
          region: 'ap-singapore',
          forward: 1,
          type: 'OPEN',
          vpcId: 'vpc-sinshop1',
          ipVersion: 'ipv4',
          ipv6Mode: '',
          ipv6: null,
          vips: ['127.77.1.1'],
          domain: null,
          status: 1,
          isolated: false,
          blocked: false,
          createdAt,
          listeners: [
            {
              id: 'lbl-old00001',
              name: 'http',
              protocol: 'HTTP',
              port: 80,
              certificateId: null,
              createdAt,
              rules: [
                {
                  id: 'loc-old00001',
                  domain: 'shop.example.com',
                  url: '/',
                  isDefault: true,
                  quic: false,
                  scheduler: 'WRR',
                  targetType: 'NODE',
                  ...health,
                  redirectTo: { listenerId: 'lbl-old00002', ruleId: 'loc-old00002', code: 302 },
                },
              ],
              targets: [],
            },
            {
              id: 'lbl-old00002',
              name: 'https',
              protocol: 'HTTPS',
              port: 443,
              createdAt,
              targets: [],
              certificateId: 'cert0001',
              rules: [
                {
                  id: 'loc-old00002',
                  domain: 'shop.example.com',
                  url: '/',
                  isDefault: true,
                  quic: false,
                  scheduler: 'IP_HASH',
                  targetType: 'NODE',
                  ...health,
                  redirectTo: null,
                  targets: [{ instanceId: 'ins-old00001', port: 8080, weight: 10, registeredAt: createdAt }],
                  functions: [hello],
                },
              ],
            },
          ],
        },
      },
      instances: {
        'ins-old00001': {
          id: 'ins-old00001',
          name: 'web-1',
          region: 'ap-singapore',
          zone: 'ap-singapore-2',
          vpcId: 'vpc-sinshop1',
          state: 'RUNNING',
          privateIp: '127.77.100.1',
        },
      },
      functions: {
        'ap-singapore/default/hello': {
          region: 'ap-singapore',
          namespace: 'default',
          name: 'hello',
          type: 'Event',
          description: '',
          environment: { A: 'b' },
          status: 'Updating',
          settlesAt: createdAt + 1000,
          createdAt,
          modifiedAt: createdAt,
          ...code,
          versions: [{ version: '3', description: 'v3', createdAt, environment: {}, ...code, memoryMb: 128 }],
        },
      },
      zones: {
        'example.com': {
          id: 91_000_001,
          name: 'example.com',
          grade: 'DP_ULTRA',
          minTtlS: 1,
          sameNameMax: 999,
          enabled: true,
          dnsStatus: '',
          createdAt,
          records: [
            {
              id: 5,
              subdomain: 'shop',
              type: 'A',
              value: '127.77.1.1',
              line: '默认',
              lineId: '0',
              ttlS: 60,
              weight: null,
              mx: 0,
              enabled: true,
              remark: 'r',
              defaultNs: false,
              updatedAt: createdAt,
            },
          ],
        },
      },
      tasks: {
        'task-1': {
          id: 'task-1',
          loadBalancerId: 'lb-old00001',
          action: 'RegisterFunctionTargets',
          startedAt: createdAt,
          endsAt: createdAt + 1000,
          outcome: 'running',
          message: '',
          fault: 'no',
          effect: {
            kind: 'registerFunctions',
            listenerId: 'lbl-old00001',
            ruleId: 'loc-old00001',
            functions: [hello],
          },
        },
      },
    },
  },
});

test('upgrades data of the first release completely, with the same meaning', () => {
  const upgraded = parseWorld(format1());
  if (!upgraded.ok) throw new Error(upgraded.error);
  const account = upgraded.value.accounts['100000000001'];
  expect(upgraded.value).toMatchObject({ format: 3, seed: 'flash-sale', nextId: 12 });
  expect(account).toMatchObject({ uin: '100000000001', users: {}, auditEvents: [] });
  expect(JSON.stringify(upgraded.value)).not.toContain('AKIDOLD');
  const [http, https] = account?.loadBalancers['lb-old00001']?.listeners ?? [];
  expect(http?.certificate).toBeNull();
  expect(http?.rules[0]?.redirectTo).toEqual({
    listenerId: 'lbl-old00002',
    ruleId: 'loc-old00002',
    code: 302,
    takeUrl: true,
    kind: 'Manual',
  });
  expect(https?.certificate).toMatchObject({ mode: 'UNIDIRECTIONAL', ids: ['cert0001'], caId: null });
  expect(account?.certificates.cert0001).toMatchObject({ kind: 'SVR', domain: 'shop.example.com' });
  expect(https?.rules[0]).toMatchObject({
    scheduler: 'IP_HASH',
    functions: [hello],
    targets: [{ instanceId: 'ins-old00001', port: 8080, weight: 10 }],
  });
  expect(account?.instances['ins-old00001']).toMatchObject({ privateIp: '127.77.100.1', downSince: null });
  expect(account?.functions['ap-singapore/default/hello']).toMatchObject({
    memoryMb: 256,
    environment: { A: 'b' },
    status: 'Updating',
    settlesAt: createdAt + 1000,
    versions: [{ version: '3', memoryMb: 128, environment: {} }],
    aliases: [{ name: '$DEFAULT', version: '$LATEST' }],
  });
  expect(account?.zones['example.com']?.records).toEqual([
    expect.objectContaining({ id: 5, subdomain: 'shop', remark: 'r', indexedAt: createdAt }),
  ]);
  expect(account?.tasks['task-1']).toMatchObject({
    loadBalancerIds: ['lb-old00001'],
    fault: { kind: 'fails', message: 'no' },
    effect: { kind: 'registerFunctions', loadBalancerId: 'lb-old00001', functions: [hello] },
  });
});

test('refuses data with a fault and names its place', () => {
  const broken = format1();
  Object.assign(broken.accounts['100000000001'].instances['ins-old00001'], { privateIp: 7 });
  const parsed = parseWorld(broken);
  expect(parsed).toMatchObject({ ok: false });
  if (!parsed.ok) expect(parsed.error).toContain('accounts.100000000001.instances.ins-old00001.privateIp');
});
