import { nat64Address } from '../model/clb/nat64';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import { mediaDomain, niagaVips } from './flash-sale-load-balancers';
import { seedRecord, seedZone } from './parts';

/**
 * Returns the shop's zones: the main one on a plan that allows a TTL of 1 s, a smaller one on the free plan (TTL 600 s,
 * two records of one name). Limits of the plans: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/dnspod/v20210323/DescribePackageDetail.md.
 */
export function niagaZones(vipNetwork: string, createdAt: number): WorldZone[] {
  const vips = niagaVips(vipNetwork);
  let recordId = 556_507_780;
  const points = (subdomain: string, value: string, more: Partial<WorldRecord> = {}) => {
    recordId += 1;
    return seedRecord({ id: recordId, subdomain, type: 'A', value, updatedAt: createdAt, ...more });
  };
  return [
    seedZone({
      id: 90_417_001,
      name: 'example.co.id',
      grade: 'DP_ULTRA',
      createdAt,
      records: [
        points('shop', vips.jktShop),
        // Short, so that the flash sale can be moved and rolled back within seconds.
        points('flash', vips.jktShop, { ttlS: 1 }),
        points('checkout', vips.jktCheckout, { weight: 80 }),
        points('checkout', vips.sinCheckout, { weight: 20 }),
        points('api', vips.sinApi),
        points('event', vips.sinFlash),
        points('www', vips.sinClassic),
        points('m', '2001:db8:1:61::24', { type: 'AAAA' }),
        points('media', `${mediaDomain}.`, { type: 'CNAME' }),
        points('partner', nat64Address(vips.gzPartner), { type: 'AAAA', ttlS: 300 }),
        points('old', vips.gzOld, { ttlS: 300, enabled: false }),
      ],
    }),
    seedZone({
      id: 90_417_002,
      name: 'example.web.id',
      grade: 'DP_FREE',
      createdAt,
      records: [points('@', vips.jktShop, { ttlS: 600 }), points('www', vips.jktShop, { ttlS: 600 })],
    }),
  ];
}
