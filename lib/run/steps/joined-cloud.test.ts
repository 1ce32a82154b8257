import { expect, it } from 'vitest';
import { ConnectionId, ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import type { CloudMeasure, Measured, MeasuredRoute } from '@/lib/estate/measure';
import { joinedCloud } from './run-cloud';

const route: MeasuredRoute = {
  region: 'ap-singapore',
  loadBalancerId: LoadBalancerId.parse('lb-1'),
  listenerId: ListenerId.parse('lbl-1'),
  domain: 'shop.test',
  url: '/',
  functions: [],
};
const routes = [route, { ...route, connectionId: ConnectionId.parse('other') }];

const unused = () => Promise.reject(new Error('nothing but measures is read'));

/** Reads one measure of two accounts, each with its requests per second. */
async function measure(
  name: CloudMeasure,
  accounts: Readonly<Record<string, { readonly value: number | null; readonly perSecond: number | null }>>,
) {
  const cloudOf = (id: string) => ({
    read: unused,
    write: unused,
    wait: unused,
    requestRate: unused,
    measure: async () => ({ value: accounts[id]?.value ?? null, lagMs: 0 }),
    routeRate: async () => ({ value: accounts[id]?.perSecond ?? null, lagMs: 0 }),
  });
  return (await joinedCloud({ own: 'own', cloudOf }).measure(name, routes)).value;
}

it('weighs the error rates of several accounts by their requests', async () => {
  const own = { value: 0.1, perSecond: 999 };
  expect(await measure('errorRate', { own, other: { value: 30, perSecond: 1 } })).toBeCloseTo(0.1299, 4);
  expect(await measure('errorRate', { own, other: { value: null, perSecond: null } })).toBeCloseTo(0.1, 6);
});

it('knows no joint error rate if the requests of an account with errors are not known', async () => {
  const own = { value: 0.1, perSecond: 999 };
  expect(await measure('errorRate', { own, other: { value: 30, perSecond: null } })).toBeNull();
  const none = { value: null, perSecond: null };
  expect(await measure('errorRate', { own: none, other: none })).toBeNull();
});

it('adds the refused requests of several accounts, and takes the worst share of targets', async () => {
  const accounts = { own: { value: 3, perSecond: null }, other: { value: 4, perSecond: null } };
  expect(await measure('throttles', accounts)).toBe(7);
  expect(await measure('unhealthyTargets', accounts)).toBe(4);
});

it('adds the requests of several accounts, unless the key of one may not read them', async () => {
  const rate = (own: Measured, other: Measured) => {
    const answers = { read: unused, write: unused, wait: unused, requestRate: unused, measure: unused };
    const getCloud = (id: string) => ({ ...answers, routeRate: async () => (id === 'own' ? own : other) });
    return joinedCloud({ own: 'own', cloudOf: getCloud }).routeRate(routes);
  };
  const quiet: Measured = { value: null, lagMs: null };
  const forbidden: Measured = { ...quiet, isForbidden: true };
  const read: Measured = { value: 0, lagMs: 9 };
  expect(await rate(read, { value: 5, lagMs: 60 })).toEqual({ value: 5, lagMs: 60 });
  expect(await rate(read, forbidden)).toEqual({ value: null, lagMs: 9 });
  expect(await rate(forbidden, { value: 5, lagMs: 60 })).toEqual({ value: null, lagMs: 60 });
  // Monitoring may have no data of rules without requests.
  expect(await rate(read, quiet)).toEqual(read);
  expect(await rate(quiet, quiet)).toEqual(quiet);
});
