import { expect, test } from 'vitest';
import { seedRule } from '@/lib/sandbox/seeds/parts';
import type { WorldCustomConfig } from '@/lib/sandbox/world/clb';
import { defaultCustomConfig, effectiveConfig } from './custom-config';
import { getCustomConfig } from './get-custom-config';

const place = { loadBalancerId: 'lb-1', listenerId: 'lbl-1' };
const shop = seedRule({
  id: 'loc-1',
  domain: 'shop.example.com',
  furtherDomains: ['www.example.com'],
  createdAt: 0,
});

function config(
  kind: WorldCustomConfig['kind'],
  content: string,
  bound: Partial<WorldCustomConfig['bindings'][0]>,
) {
  const binding = { loadBalancerId: 'lb-1', listenerId: null, domain: null, ruleId: null, ...bound };
  const id = `pz-${kind.toLowerCase()}`;
  return {
    id,
    name: id,
    region: 'r',
    kind,
    content,
    createdAt: 0,
    modifiedAt: 0,
    bindings: [binding],
    tags: {},
  };
}
const accountWith = (...configs: WorldCustomConfig[]) => ({
  customConfigs: Object.fromEntries(configs.map((each) => [each.id, each])),
});

test('uses the defaults without a configuration', () => {
  expect(effectiveConfig(accountWith(), place, shop)).toEqual(defaultCustomConfig);
  const elsewhere = accountWith(
    config('CLB', 'proxy_read_timeout 90s;', { loadBalancerId: 'lb-2' }),
    config('SERVER', 'proxy_read_timeout 90s;', { listenerId: 'lbl-2', domain: 'shop.example.com' }),
    config('LOCATION', 'proxy_read_timeout 90s;', { listenerId: 'lbl-1', ruleId: 'loc-2' }),
  );
  expect(effectiveConfig(elsewhere, place, shop)).toEqual(defaultCustomConfig);
  expect(getCustomConfig(elsewhere, 'lb-1')).toBe('');
});

test('prefers the configuration of the rule to that of its domain, and that to the one of the load balancer', () => {
  const account = accountWith(
    config(
      'CLB',
      'proxy_read_timeout 90s; proxy_send_timeout 90s; keepalive_timeout 9s; proxy_set_header A a;',
      {},
    ),
    config('SERVER', 'proxy_read_timeout 100s; proxy_send_timeout 100s; proxy_set_header B b;', {
      listenerId: 'lbl-1',
      domain: 'www.example.com',
    }),
    config('LOCATION', 'proxy_read_timeout 110s;', {
      listenerId: 'lbl-1',
      domain: shop.domain,
      ruleId: shop.id,
    }),
  );
  expect(effectiveConfig(account, place, shop)).toEqual({
    ...defaultCustomConfig,
    readTimeoutS: 110,
    sendTimeoutS: 100,
    keepaliveTimeoutS: 9,
    requestHeaders: [{ name: 'B', text: 'b' }],
  });
  expect(getCustomConfig(account, 'lb-1')).toBe('pz-clb');
});

test('parses a changed text again', () => {
  const account = accountWith(config('CLB', 'proxy_read_timeout 90s;', {}));
  expect(effectiveConfig(account, place, shop).readTimeoutS).toBe(90);
  for (const each of Object.values(account.customConfigs)) each.content = 'proxy_read_timeout 91s;';
  expect(effectiveConfig(account, place, shop).readTimeoutS).toBe(91);
});
