import type { AccountWorld } from '../world/world';
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

/** Returns the shop's old account, still billed by CVM: only the account type prevents it from binding its function. */
export function flashSaleLegacy(vipNetwork: string, now: number): AccountWorld {
  const region = 'ap-singapore';
  const createdAt = now - 900 * 86_400_000;
  const vip = address(vipNetwork, 2, 10);
  const servers = [1, 2].map((n) =>
    instance({
      id: `ins-lama000${n}`,
      name: `outlet-web-${n}`,
      region,
      zone: 'ap-singapore-1',
      vpcId: 'vpc-outlet01',
      subnetId: 'subnet-outlet01',
      privateIp: address(vipNetwork, 101, n),
    }),
  );
  return account(
    {
      uin: '100019930278',
      name: 'niaga-lama',
      appId: 1251993027,
      networkAccountType: 'LEGACY',
    },
    {
      loadBalancers: [
        loadBalancer({
          id: 'lb-x2r8u5wq',
          name: 'lb-sin-outlet',
          region,
          vpcId: 'vpc-outlet01',
          vips: [vip],
          createdAt,
          listeners: [
            listener({
              id: 'lbl-x2r8u5w1',
              protocol: 'HTTP',
              port: 80,
              createdAt,
              rules: [
                seedRule({
                  id: 'loc-x2r8u501',
                  domain: 'outlet.example.my.id',
                  isDefault: true,
                  createdAt,
                  targets: targets(servers, 8080, createdAt),
                }),
                seedRule({ id: 'loc-x2r8u502', domain: 'sale.example.my.id', createdAt }),
              ],
            }),
          ],
        }),
      ],
      instances: servers,
      functions: [
        scfFunction({
          region,
          namespace: 'default',
          name: 'outlet',
          zip: zipSeedFiles({ 'index.py': pageHandler('Outlet') }),
          createdAt,
        }),
      ],
      certificates: [
        certificate({
          id: 'Wd6kT1pZ',
          alias: 'outlet',
          domain: 'outlet.example.my.id',
          furtherDomains: ['sale.example.my.id'],
          issuedAt: now - 300 * 86_400_000,
          expiresAt: now + 65 * 86_400_000,
        }),
      ],
      zones: [
        seedZone({
          id: 90_417_003,
          name: 'example.my.id',
          grade: 'DP_PLUS',
          createdAt,
          records: [
            seedRecord({ id: 556_520_001, subdomain: 'outlet', type: 'A', value: vip, updatedAt: createdAt }),
          ],
        }),
      ],
    },
  );
}
