import { describe, expect, it } from 'vitest';
import { copyEstate } from '@/lib/rehearsal/copy/copy-estate';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { testEstate } from '@/testing/plan/test-estate';
import { ServedRoutes } from './served-routes';

const nowMs = Date.parse('2026-12-12T00:00:00Z');
const host = 'flash.example.co.id';

/** Routes of the test estate, with its records and listener, and a function that reports a change to a service. */
function startRoutes() {
  const { world } = copyEstate(testEstate(), nowMs - 86_400_000);
  const listeners: ((service?: string) => void)[] = [];
  const routes = new ServedRoutes(
    () => world,
    new Assumptions(),
    (listener) => listeners.push(listener),
  );
  const [account] = Object.values(world.accounts);
  const records = account?.zones['example.co.id']?.records ?? [];
  const [record] = records.filter(({ subdomain }) => subdomain === 'flash');
  const listener = account?.loadBalancers['lb-cvm']?.listeners[0];
  if (record === undefined || listener === undefined) throw new Error('the test estate has both');
  const report = (service?: string) => {
    for (const listen of listeners) listen(service);
  };
  return { routes, records, record, listener, report };
}

const find = (routes: ServedRoutes) => routes.find('127.77.1.1', 80, host, '/', nowMs);

describe('the routes of a rehearsal', () => {
  it('have the new answers of a changed zone, and keep what they found at an address', () => {
    const { routes, record, report } = startRoutes();
    const [found, { version, routingVersion }] = [find(routes), routes];
    expect(routes.resolve(host, 0)?.addresses).toEqual(['127.77.1.1']);
    record.value = '127.77.1.2';
    report('dnspod');
    expect(routes.resolve(host, 0)?.addresses).toEqual(['127.77.1.2']);
    expect(routes.version).toBeGreaterThan(version);
    expect(routes.routingVersion).toBe(routingVersion);
    expect(find(routes)).toBe(found);
  });

  it.each(['clb', undefined])('look again at an address after a change of %s', (service) => {
    const { routes, listener, report } = startRoutes();
    const { routingVersion } = routes;
    expect(find(routes).kind).toBe('servers');
    listener.stopped = true;
    report(service);
    expect(find(routes)).toMatchObject({ kind: 'unserved', why: 'noListener' });
    expect(routes.routingVersion).toBeGreaterThan(routingVersion);
  });

  it('are no service where another site answers as the default domain', () => {
    const { routes, listener, report } = startRoutes();
    for (const rule of listener.rules) {
      rule.domain = 'other.example.co.id';
      rule.isDefault = true;
    }
    report('clb');
    expect(find(routes)).toMatchObject({ kind: 'unserved', why: 'wrongSite' });
    for (const rule of listener.rules) rule.furtherDomains = ['*.example.co.id'];
    report('clb');
    expect(find(routes).kind).toBe('servers');
  });

  it('draw among records only where they have weights', () => {
    const { routes, records, record, report } = startRoutes();
    expect(routes.answerShares(host)).toHaveLength(1);
    record.weight = 10;
    records.push({ ...record, id: record.id + 1000, value: '127.77.1.2', weight: 30 });
    report('dnspod');
    const shares = routes.answerShares(host);
    const sum = shares.reduce(
      (total, { answer, share }) => total + (answer?.addresses[0] === '127.77.1.2' ? share : 0),
      0,
    );
    expect(sum).toBeCloseTo(0.75, 2);
  });
});
