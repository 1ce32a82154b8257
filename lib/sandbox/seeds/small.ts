import type { WorldCertificate } from '../world/access';
import { type AccountWorld, type World, worldFormat } from '../world/world';

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

/**
 * Small sandbox data for tests: a standard account with two HTTP load balancers in ap-singapore, a pool of two servers,
 * one Event function and records of TTL 1; and a legacy account with one of each.
 */
export function small(vipNetwork: string, now: number): World {
  const standard = standardAccount(vipNetwork, now);
  const legacy = legacyAccount(vipNetwork, now);
  return {
    format: worldFormat,
    seed: 'small',
    nextId: 1,
    accounts: { [standard.uin]: standard, [legacy.uin]: legacy },
  };
}

const region = 'ap-singapore';

function server(vipNetwork: string, id: string, name: string, fourth: number) {
  return instance({ id, name, region, zone: 'ap-singapore-2', privateIp: address(vipNetwork, 100, fourth) });
}

function httpListener(id: string, createdAt: number, rules: Parameters<typeof seedRule>[0][]) {
  return listener({ id, protocol: 'HTTP', port: 80, createdAt, rules: rules.map(seedRule) });
}

function helloFunction(createdAt: number) {
  const zip = zipSeedFiles({ 'index.py': pageHandler('Hello CLB') });
  return scfFunction({ region, namespace: 'default', name: 'hello', zip, createdAt });
}

function smallCertificates(createdAt: number, now: number): WorldCertificate[] {
  return [
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
  ];
}

function standardAccount(vipNetwork: string, now: number): AccountWorld {
  const createdAt = now - 86_400_000;
  const vip = (fourth: number) => address(vipNetwork, 1, fourth);
  const pods = [
    { id: 'eni-web00001', privateIps: [address(vipNetwork, 100, 51), address(vipNetwork, 100, 52)] },
  ];
  const pool = [
    { ...server(vipNetwork, 'ins-web00001', 'web-1', 1), interfaces: pods },
    server(vipNetwork, 'ins-web00002', 'web-2', 2),
  ];
  const dns = (id: number, subdomain: string, value: string) =>
    seedRecord({ id, subdomain, type: 'A', value, ttlS: 1, updatedAt: createdAt });
  return account(
    {
      uin: '100000000001',
      name: 'small-standard',
      appId: 1300000001,
      networkAccountType: 'STANDARD',
      users: {
        reader: {
          name: 'reader',
          uin: '100000000011',
          policyIds: [2],
          createdAt,
        },
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
            httpListener('lbl-cvm00001', createdAt, [
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
            httpListener('lbl-scf00001', createdAt, [
              { id: 'loc-idle0001', domain: 'idle.example.com', isDefault: true, createdAt },
            ]),
          ],
        }),
      ],
      instances: pool,
      functions: [helloFunction(createdAt)],
      certificates: smallCertificates(createdAt, now),
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
}

function legacyAccount(vipNetwork: string, now: number): AccountWorld {
  const createdAt = now - 86_400_000;
  const pool = [server(vipNetwork, 'ins-old00001', 'old-1', 3)];
  return account(
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
          vips: [address(vipNetwork, 1, 3)],
          createdAt,
          listeners: [
            httpListener('lbl-old00001', createdAt, [
              {
                id: 'loc-old00001',
                domain: 'old.example.net',
                isDefault: true,
                createdAt,
                targets: targets(pool, 8080, createdAt),
              },
              { id: 'loc-new00001', domain: 'new.example.net', createdAt },
            ]),
          ],
        }),
      ],
      instances: pool,
      functions: [helloFunction(createdAt)],
      zones: [],
    },
  );
}
