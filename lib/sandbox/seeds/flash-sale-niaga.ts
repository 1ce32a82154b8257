import { nat64Address } from '../model/clb/nat64';
import type { WorldCertificate } from '../world/access';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import { defaultAlias, type WorldFunction, type WorldProvisioned } from '../world/scf';
import type { AccountWorld } from '../world/world';
import { mediaDomain, niagaInstances, niagaLoadBalancers, niagaVips } from './flash-sale-load-balancers';
import {
  account,
  certificate,
  pageHandler,
  published,
  scfFunction,
  seedRecord,
  seedZone,
  zipSeedFiles,
} from './parts';
import { flashSaleUsers } from './users';

const bootstrap = '#!/bin/bash\npython3 app.py\n';
const webApp = [
  'from http.server import BaseHTTPRequestHandler, HTTPServer',
  '',
  'class Page(BaseHTTPRequestHandler):',
  '    def do_GET(self):',
  '        self.send_response(200)',
  '        self.end_headers()',
  '        self.wfile.write(b"Storefront")',
  '',
  'HTTPServer(("0.0.0.0", 9000), Page).serve_forever()',
  '',
].join('\n');

/** Returns the function with one more alias, for its first version. */
function aliased(fn: WorldFunction, name: string, description: string): WorldFunction {
  const { createdAt } = fn;
  const alias = { ...defaultAlias(createdAt), name, description, version: '1' };
  return { ...fn, aliases: [...fn.aliases, alias] };
}

/** Returns instances that are provisioned before the sale of the 12th of December starts, and removed after it. */
function saleNight(since: number): WorldProvisioned {
  const schedule = [
    { name: 'before-the-sale', count: 80, cron: '0 30 23 11 12 * *' },
    { name: 'after-the-sale', count: 0, cron: '0 0 4 12 12 * *' },
  ];
  return { qualifier: '1', kind: 'Default', target: 0, from: 0, since, schedule };
}

/**
 * Returns a function that can be bound, one that is already bound, and one of a type that a load balancer can't call.
 */
function niagaFunctions(createdAt: number): WorldFunction[] {
  const common = { region: 'ap-singapore', namespace: 'flash', createdAt };
  const storefront = scfFunction({
    ...common,
    name: 'storefront',
    description: 'Flash sale pages',
    zip: zipSeedFiles({ 'index.py': pageHandler('Flash sale') }),
  });
  const checkout = scfFunction({
    ...common,
    name: 'checkout',
    description: 'Checkout under load',
    zip: zipSeedFiles({ 'index.py': pageHandler('Checkout') }),
    // A reservation for exactly 100 instances.
    reservedMb: 12_800,
    provisioned: [saleNight(createdAt)],
  });
  return [
    aliased(published(storefront), 'live', 'What customers see'),
    aliased(published(checkout), 'live', 'What customers see'),
    scfFunction({
      ...common,
      name: 'storefront-web',
      description: 'HTTP-type twin of the flash sale pages',
      type: 'HTTP',
      handler: 'app.main',
      zip: zipSeedFiles({ scf_bootstrap: bootstrap, 'app.py': webApp }),
    }),
  ];
}

const dayMs = 86_400_000;

/**
 * Returns the shop's certificates: one for all its names, one for the sale's name only that expires within the month,
 * and a CA.
 */
function niagaCertificates(now: number): WorldCertificate[] {
  return [
    certificate({
      id: 'cert8Kq2x',
      alias: 'wildcard',
      domain: '*.example.co.id',
      furtherDomains: ['example.co.id'],
      issuedAt: now - 200 * dayMs,
      expiresAt: now + 165 * dayMs,
    }),
    certificate({
      id: 'Hn4vR7sD',
      alias: 'flash-sale',
      domain: 'flash.example.co.id',
      issuedAt: now - 78 * dayMs,
      expiresAt: now + 12 * dayMs,
    }),
    certificate({
      id: 'Qc2mX9bL',
      alias: 'partner-ca',
      kind: 'CA',
      domain: 'Example Partner CA',
      issuedAt: now - 400 * dayMs,
      expiresAt: now + 3250 * dayMs,
    }),
  ];
}

/** Returns the shop's current account, billed by IP. */
export function flashSaleNiaga(vipNetwork: string, now: number): AccountWorld {
  const createdAt = now - 200 * 86_400_000;
  return account(
    {
      uin: '100028471935',
      name: 'niaga',
      appId: 1312847193,
      networkAccountType: 'STANDARD',
      ...flashSaleUsers('100028471935', createdAt),
      customConfigs: niagaCustomConfigs(createdAt),
    },
    {
      loadBalancers: niagaLoadBalancers(vipNetwork, createdAt),
      instances: Object.values(niagaInstances(vipNetwork)).flat(),
      functions: niagaFunctions(createdAt),
      zones: niagaZones(vipNetwork, createdAt),
      certificates: niagaCertificates(now),
    },
  );
}

/**
 * Returns the configuration on the checkout function's load balancer that passes it the method and path of a request.
 */
function niagaCustomConfigs(createdAt: number): AccountWorld['customConfigs'] {
  const id = 'pz-n1c7k3wd';
  return {
    [id]: {
      id,
      name: 'function-headers',
      region: 'ap-singapore',
      kind: 'CLB',
      content: [
        'proxy_set_header X-Method $request_method;',
        'proxy_set_header X-Uri $uri;',
        'proxy_read_timeout 120s;',
      ].join('\n'),
      createdAt,
      modifiedAt: createdAt,
      bindings: [{ loadBalancerId: 'lb-d0k8y3pn', listenerId: null, domain: null, ruleId: null }],
      tags: {},
    },
  };
}

/**
 * Returns the shop's zones: the main one on a plan that allows a TTL of 1 s, a smaller one on the free plan (TTL 600 s,
 * two records of one name). Limits of the plans: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/dnspod/v20210323/DescribePackageDetail.md.
 */
function niagaZones(vipNetwork: string, createdAt: number): WorldZone[] {
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
