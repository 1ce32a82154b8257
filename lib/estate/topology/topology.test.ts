import { describe, expect, it } from 'vitest';
import { rulesForHost } from '@/lib/estate/match-rule';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { buildRoutes } from './build-routes';
import { filterRoutes } from './find-routes';
import { groupRoutes } from './node';
import { listNodeIds, routeKey, type TopologyRoute } from './route';

const routes = buildRoutes(testTopologyEstate);
const through = (host: string) =>
  routes.filter((route) => route.host === host).map((route) => listNodeIds(route).slice(1));

describe('buildRoutes', () => {
  it('follows a name only through the rules that serve it', () => {
    expect(through('shop.example.co.id')).toEqual([
      ['lb:lb-jkt', 'ls:lbl-web', 'ru:loc-shop', 'be:lb-jkt/ins-shop-1:8080,ins-shop-2:8080'],
      ['lb:lb-jkt', 'ls:lbl-tcp', 'be:lb-jkt/ins-shop-1:8080'],
    ]);
  });

  it('matches a CNAME with the name of a domain-named load balancer', () => {
    expect(through('checkout.example.co.id')).toContainEqual([
      'lb:lb-sin',
      'ls:lbl-sin',
      'ru:loc-sin',
      'be:ap-singapore/flash/checkout:1',
    ]);
  });

  it('keeps a record with an unknown destination', () => {
    expect(through('old.example.co.id')).toEqual([[]]);
  });

  it('excludes records that are not addresses', () => {
    expect(through('example.co.id')).toEqual([]);
  });

  it('shows load balancers without a record and functions without a binding', () => {
    const unnamed = routes.filter((route) => route.host === null).map(listNodeIds);
    expect(unnamed).toEqual([['lb:lb-old'], ['be:ap-singapore/flash/voucher']]);
  });

  it('gives every route its own key', () => {
    expect(new Set(routes.map(routeKey)).size).toBe(routes.length);
  });
});

describe('rulesForHost', () => {
  const [shop, checkout] = testTopologyEstate.rules;
  if (!shop || !checkout) throw new Error('the test estate has rules');
  const wild = { ...checkout, domain: '*.example.co.id', domains: ['*.example.co.id'] };

  it('prefers the exact name, then a wildcard, then the default domain', () => {
    expect(rulesForHost([shop, wild], 'shop.example.co.id')).toEqual([shop]);
    expect(rulesForHost([shop, wild], 'new.example.co.id')).toEqual([wild]);
    expect(rulesForHost([shop, checkout], 'new.example.co.id')).toEqual([shop]);
  });

  it('uses the longest of several wildcards, and expressions only if nothing else matches', () => {
    const wider = { ...checkout, domain: '*.co.id', domains: ['*.co.id'] };
    const expression = { ...checkout, domain: '~^n', domains: ['~^n'] };
    expect(rulesForHost([wider, wild, expression], 'new.example.co.id')).toEqual([wild]);
    expect(rulesForHost([shop, expression], 'new.example.org')).toEqual([expression]);
  });

  it('finds none without a match and a default', () => {
    expect(rulesForHost([checkout], 'new.example.co.id')).toEqual([]);
  });
});

const any = { search: '', region: null, state: null, focus: [] } as const;
const none: ReadonlySet<string> = new Set();

describe('filterRoutes', () => {
  const hosts = (kept: readonly TopologyRoute[]) => new Set(kept.map((route) => route.host));

  it('searches all text of a route for all words', () => {
    expect(hosts(filterRoutes(routes, { ...any, search: '127.77.0.10 loc-checkout' }, none))).toEqual(
      new Set(['checkout.example.co.id']),
    );
    expect(hosts(filterRoutes(routes, { ...any, search: 'FLASH/checkout' }, none))).toContain(
      'checkout.example.co.id',
    );
  });

  it('keeps only the routes of a region', () => {
    const kept = filterRoutes(routes, { ...any, region: 'ap-jakarta' }, none);
    expect(hosts(kept)).toEqual(new Set(['shop.example.co.id', 'checkout.example.co.id']));
  });
});

describe('groupRoutes', () => {
  const graph = groupRoutes(routes);

  it('puts all records of a name in one node and marks those without a destination', () => {
    const hosts = graph.nodes.filter((node) => node.kind === 'host');
    expect(hosts.map((node) => [node.host, node.records.map((r) => r.leads)])).toEqual([
      ['shop.example.co.id', [true]],
      ['checkout.example.co.id', [true, true]],
      ['flash.example.co.id', [true]],
      ['old.example.co.id', [false]],
    ]);
  });

  it('names the kinds of backend behind each line, and leaves disabled records idle', () => {
    const kinds = Object.fromEntries(graph.links.map((link) => [`${link.from}>${link.to}`, link.kinds]));
    expect(kinds['host:shop.example.co.id>lb:lb-jkt']).toEqual(['cvm']);
    expect(kinds['host:checkout.example.co.id>lb:lb-sin']).toEqual(['scf']);
    expect(kinds['host:flash.example.co.id>lb:lb-sin']).toEqual([]);
  });

  it('labels lines with weights', () => {
    const labels = graph.links.map((link) => link.label);
    expect(labels).toContainEqual({ kind: 'weight', text: '80' });
    expect(labels).toContainEqual({ kind: 'weight', text: '10–20' });
    expect(labels).toContainEqual({ kind: 'off' });
  });
});
