import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { parseSettings } from '@/lib/settings';
import { createConnections } from './connections';
import { workerSecrets } from './worker-secrets';

function buildSettings(env: Readonly<Record<string, string>>) {
  const settings = parseSettings(env);
  invariant(settings.ok, 'these are settings');
  return settings.value;
}

const first = { TENCENTCLOUD_SECRET_ID: 'id-1', TENCENTCLOUD_SECRET_KEY: 'key-1' };
const further = [
  { name: 'workloads', secretId: 'id-2', secretKey: 'key-2', regions: 'ap-tokyo', site: 'international' },
  { name: 'dns', secretId: 'id-3', secretKey: 'key-3', token: 'token-3', expiresAt: '2026-12-12T00:00:00Z' },
];

it('returns the first real account and further ones, each by its name, regions and keys', () => {
  const settings = buildSettings({ ...first, TENCENTCLOUD_ACCOUNTS: JSON.stringify(further) });
  const connections = createConnections(settings, null);
  expect(connections.map(({ connection }) => connection)).toMatchObject([
    {
      id: 'tencent',
      name: 'Tencent Cloud',
      kind: 'tencent',
      secretId: 'id-1',
      regions: ['ap-singapore', 'ap-jakarta'],
    },
    {
      id: 'tencent-workloads',
      name: 'workloads',
      kind: 'tencent',
      secretId: 'id-2',
      regions: ['ap-tokyo'],
      site: 'international',
    },
    {
      id: 'tencent-dns',
      name: 'dns',
      secretKey: 'key-3',
      token: 'token-3',
      expiresAt: '2026-12-12T00:00:00Z',
      regions: ['ap-singapore', 'ap-jakarta'],
    },
  ]);
  const secrets = workerSecrets(settings, connections);
  for (const key of ['key-1', 'key-2', 'key-3', 'id-3', 'token-3']) expect(secrets).toContain(key);
});

it('needs no first account, and returns none without keys', () => {
  const only = buildSettings({ TENCENTCLOUD_ACCOUNTS: JSON.stringify(further.slice(0, 1)) });
  expect(createConnections(only, null).map(({ connection }) => connection.id)).toEqual(['tencent-workloads']);
  expect(createConnections(buildSettings({}), null)).toEqual([]);
});
