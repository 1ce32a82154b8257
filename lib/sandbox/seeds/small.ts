import { type World, worldFormat } from '../world/world';
import {
  account,
  address,
  certificate,
  instance,
  listener,
  loadBalancer,
  pageHandler,
  scfFunction,
  seedRecord,
  seedRule,
  seedZone,
  targets,
  zipSeedFiles,
} from './parts';
import { user } from './users';

/**
 * Small sandbox data for tests: a standard account with two HTTP load balancers in ap-singapore, a pool of two servers,
 * one Event function and records of TTL 1; and a legacy account with one of each.
 */
export function small(vipNetwork: string, now: number): World {
  const region = 'ap-singapore';
  const createdAt = now - 86_400_000;
  const zip = zipSeedFiles({ 'index.py': pageHandler('Hello CLB') });
  const server = (id: string, name: string, fourth: number) =>
    instance({ id, name, region, zone: 'ap-singapore-2', privateIp: address(vipNetwork, 100, fourth) });
  const pods = [
    { id: 'eni-web00001', privateIps: [address(vipNetwork, 100, 51), address(vipNetwork, 100, 52)] },
  ];
  const pool = [
    { ...server('ins-web00001', 'web-1', 1), interfaces: pods },
    server('ins-web00002', 'web-2', 2),
  ];
  const legacyPool = [server('ins-old00001', 'old-1', 3)];
  const vip = (fourth: number) => address(vipNetwork, 1, fourth);
  const http = (id: string, rules: Parameters<typeof seedRule>[0][]) =>
    listener({ id, protocol: 'HTTP', port: 80, createdAt, rules: rules.map(seedRule) });
  const dns = (id: number, subdomain: string, value: string) =>
    seedRecord({ id, subdomain, type: 'A', value, ttlS: 1, updatedAt: createdAt });

  const standard = account(
    {
      uin: '100000000001',
      name: 'small-standard',
      appId: 1300000001,
      networkAccountType: 'STANDARD',
      users: {
        reader: user({
          name: 'reader',
          uin: '100000000011',
          policyIds: [2],
          createdAt,
        }),
      },
    },
    {
      loadBalancers: [
        loadBalancer({
          id: 'lb-cvm00001',
          name: 'lb-cvm',
          region,
          vips: [vip(1)],
          createdAt,
          listeners: [
            http('lbl-cvm00001', [
              {
                id: 'loc-shop0001',
                domain: 'shop.example.com',
                isDefault: true,
                createdAt,
                targets: targets(pool, 8080, createdAt),
              },
              {
                id: 'loc-sale0001',
                domain: 'sale.example.com',
                createdAt,
                targets: targets(pool, 8080, createdAt),
              },
            ]),
          ],
        }),
        loadBalancer({
          id: 'lb-scf00001',
          name: 'lb-scf',
          region,
          vips: [vip(2)],
          createdAt,
          listeners: [
            http('lbl-scf00001', [
              { id: 'loc-idle0001', domain: 'idle.example.com', isDefault: true, createdAt },
            ]),
          ],
        }),
      ],
      instances: pool,
      functions: [scfFunction({ region, namespace: 'default', name: 'hello', zip, createdAt })],
      certificates: [
        certificate({
          id: 'cert8Kq2x',
          alias: 'wildcard',
          domain: '*.example.com',
          furtherDomains: ['example.com'],
          issuedAt: createdAt,
          expiresAt: now + 300 * 86_400_000,
        }),
        certificate({
          id: 'Sm1aL2sh',
          alias: 'shop',
          domain: 'shop.example.com',
          algorithm: 'ECC 256',
          issuedAt: createdAt,
          expiresAt: now + 10 * 86_400_000,
        }),
        certificate({
          id: 'Sm3aL4ca',
          alias: 'clients',
          kind: 'CA',
          domain: 'Example Client CA',
          issuedAt: createdAt,
          expiresAt: now + 3650 * 86_400_000,
        }),
      ],
      zones: [
        seedZone({
          id: 91_000_001,
          name: 'example.com',
          grade: 'DP_ULTRA',
          createdAt,
          records: [dns(500_000_001, 'shop', vip(1)), dns(500_000_002, 'sale', vip(1))],
        }),
      ],
    },
  );
  const legacy = account(
    {
      uin: '100000000002',
      name: 'small-legacy',
      appId: 1300000002,
      networkAccountType: 'LEGACY',
    },
    {
      loadBalancers: [
        loadBalancer({
          id: 'lb-old00001',
          name: 'lb-old',
          region,
          vips: [vip(3)],
          createdAt,
          listeners: [
            http('lbl-old00001', [
              {
                id: 'loc-old00001',
                domain: 'old.example.net',
                isDefault: true,
                createdAt,
                targets: targets(legacyPool, 8080, createdAt),
              },
              { id: 'loc-new00001', domain: 'new.example.net', createdAt },
            ]),
          ],
        }),
      ],
      instances: legacyPool,
      functions: [scfFunction({ region, namespace: 'default', name: 'hello', zip, createdAt })],
      zones: [],
    },
  );
  return {
    format: worldFormat,
    seed: 'small',
    nextId: 1,
    accounts: { [standard.uin]: standard, [legacy.uin]: legacy },
  };
}
