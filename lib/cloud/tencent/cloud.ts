import { CloudError } from '@/lib/cloud/errors';
import { isIpAddress, plainAddress } from '@/lib/estate/address';
import { listAddresses } from '@/lib/estate/dns-target';
import type { AskedHistory, TrafficHistory } from '@/lib/estate/history/traffic-history';
import { LoadBalancerId } from '@/lib/estate/ids';
import type { CloudMeasure, Measured, MeasuredRoute } from '@/lib/estate/measure';
import type { LoadBalancer } from '@/lib/estate/model';
import type { CloudConnection } from '../connection';
import type { CloudDeps } from '../deps';
import { fixedKeys, writerKeys } from '../keys';
import type { AddressOwner, Cloud, FunctionCloud, HistoryCloud } from '../port';
import { realSleep } from '../rate-budgets';
import { createCaller, type Reader } from './call/caller';
import {
  listLoadBalancers,
  listLoadBalancersAt,
  type ReadListener,
  readListeners,
  readMonitoredBalancer,
  readMonitoredRules,
} from './clb/api';
import { auditRegion, listAuditedWrites } from './cloudaudit/api';
import { deployToCloud } from './deploy-function';
import { concurrency, provisionedLost, throttles } from './function-measures';
import { errorRate, requestRate, routeRate, unhealthyTargets } from './load-balancer-measures';
import { changeFunction } from './manage-function';
import { readLongSeries } from './monitor/api';
import { readChanges } from './read-changes';
import { readEstate } from './read-estate';
import { findProvisioned } from './read-made';
import { createReadObject } from './read-object';
import { readPart } from './scf/function-parts';
import { invokeFunction } from './scf/invoke';
import { readFunction } from './scf/read-function';
import { createWrites } from './write';

/** The most VIPs × domains that are added up: each takes a part of the requests to Monitor. Our own choice. */
const objectsMax = 50;

/**
 * Reads the requests per second of a load balancer, of a domain of a listener, or of a path there, in whole periods.
 * `QPS` is requests per second: https://cloud.tencent.com/document/product/248/51768.
 */
async function readTrafficHistory(reader: Reader, { place, span }: AskedHistory): Promise<TrafficHistory> {
  const { region, listenerId, domain, url } = place;
  const loadBalancerId = LoadBalancerId.parse(place.loadBalancerId);
  const objects =
    listenerId === null || domain === null
      ? await readMonitoredBalancer(reader, region, loadBalancerId)
      : await readMonitoredRules(reader, region, loadBalancerId, [{ listenerId, domain, url }]);
  if (objects.length === 0 || objects.length > objectsMax)
    throw new CloudError({
      code: objects.length === 0 ? 'Refused.PlaceMissing' : 'Refused.TooManyObjects',
      message:
        objects.length === 0
          ? `${loadBalancerId} in ${region} has no ${domain === null ? 'VIP' : `rule for ${domain}${url ?? ''}`}; sync the estate`
          : `${loadBalancerId} has ${objects.length} VIPs and domains for it, at most ${objectsMax} are added up; choose a part of it`,
      requestId: null,
      action: 'GetMonitorData',
      region,
      mayHaveHappened: false,
      advice: 'giveUp',
    });
  const values = await readLongSeries(reader, objects, 'QPS', span);
  const { from, to, periodS } = span;
  const periods = Math.round((to - from) / (periodS * 1000));
  return {
    from: new Date(from).toISOString(),
    periodS,
    rps: Array.from({ length: periods }, (_, index) => values.get(from + index * periodS * 1000) ?? null),
  };
}

/** The codes for missing permissions: https://www.tencentcloud.com/document/product/1140/51177. */
const notAllowed = /^(AuthFailure|UnauthorizedOperation)(\.|$)/;

/**
 * Reads data that the key need not be allowed to read: forbidden data counts as unreadable, and is logged once. Fewer
 * rights mean fewer figures, not a failed run.
 */
function unlessForbidden({ log }: Pick<CloudDeps, 'log'>) {
  const said = new Set<string>();
  return async <T>(measure: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CloudError) || !notAllowed.test(error.data.code)) throw error;
      if (!said.has(measure)) log.warn({ measure, ...error.data }, 'the key may not read a measure');
      said.add(measure);
      return null;
    }
  };
}

const freshMs = 30_000;

/** Far more than the addresses of all probes, but still a limit. */
const rememberedMax = 1000;

/**
 * Creates a lookup that finds the load balancer of an address by asking the cloud, region by region. Results are cached
 * for 30 s, including negative ones.
 */
function createAddressOwner(
  reader: Reader,
  regions: readonly string[],
  now: () => Date,
): (address: string) => Promise<AddressOwner | null> {
  const known = new Map<string, { readonly at: number; readonly owner: Promise<AddressOwner | null> }>();

  async function inRegion(region: string, address: string): Promise<LoadBalancer | undefined> {
    const isIp = isIpAddress(address);
    // A list of the whole region certainly includes the domains; a filter for them is not documented to be exact.
    const found = await (isIp
      ? listLoadBalancersAt(reader, region, address)
      : listLoadBalancers(reader, region));
    return found.find((loadBalancer) => listAddresses(loadBalancer).includes(address));
  }

  async function find(address: string): Promise<AddressOwner | null> {
    const all = await Promise.all(regions.map((region) => inRegion(region, address)));
    const [found] = all.filter((each) => each !== undefined);
    if (found === undefined) return null;
    const { id, region, network, domain } = found;
    const listeners = await readListeners(reader, region, id);
    return { id, region, network, domain, ports: listeners.map(({ port }) => port) };
  }

  return (asked) => {
    const address = isIpAddress(asked) ? plainAddress(asked) : asked.toLowerCase().replace(/\.$/, '');
    const at = now().getTime();
    const last = known.get(address);
    if (last !== undefined && Math.abs(at - last.at) < freshMs) return last.owner;
    if (known.size >= rememberedMax) known.clear();
    const owner = find(address);
    known.set(address, { at, owner });
    // A failed lookup is repeated.
    owner.catch(() => known.delete(address));
    return owner;
  };
}

const rulesFreshMs = 10_000;

/** Creates the lookup of the rules at a port. Results are cached for 10 s, because a run probes many routes at once. */
function createPortRules(reader: Reader, now: () => Date): Cloud['portRules'] {
  const known = new Map<string, { readonly at: number; readonly read: Promise<readonly ReadListener[]> }>();
  return async ({ id, region }, port, isFresh) => {
    const at = now().getTime();
    const last = known.get(id);
    const isUsed = last !== undefined && !isFresh && Math.abs(at - last.at) < rulesFreshMs;
    const read = isUsed ? last.read : readListeners(reader, region, id);
    if (!isUsed) {
      if (known.size >= rememberedMax) known.clear();
      known.set(id, { at, read });
      read.catch(() => known.delete(id));
    }
    const found = (await read).find(
      (each) => each.port === port && (each.protocol === 'HTTP' || each.protocol === 'HTTPS'),
    );
    return found?.rules ?? null;
  };
}

type Read = (reader: Reader, routes: readonly MeasuredRoute[], now: number) => Promise<Measured>;
const reads: Readonly<Record<CloudMeasure, Read>> = {
  errorRate,
  throttles,
  unhealthyTargets,
  provisionedLost,
};

const unread: Measured = { value: null, lagMs: null, isForbidden: true };

/** Reads measures of routes and of domains of listeners. */
function createMeasure(
  reader: Reader,
  deps: Pick<CloudDeps, 'now' | 'log'>,
): Pick<Cloud, 'measure' | 'requestRate' | 'routeRate' | 'concurrency'> {
  const allowed = unlessForbidden(deps);
  const now = () => deps.now().getTime();
  return {
    measure: async (measure, routes) =>
      (await allowed(measure, () => reads[measure](reader, routes, now()))) ?? unread,
    requestRate: async (listener) =>
      (await allowed('requestRate', () => requestRate(reader, listener, now()))) ?? unread,
    routeRate: async (routes) =>
      (await allowed('routeRate', () => routeRate(reader, routes, now()))) ?? unread,
    concurrency: async (fn) => (await allowed('concurrency', () => concurrency(reader, fn, now()))) ?? unread,
  };
}

/**
 * Tencent Cloud, or anything that speaks its API, behind the `Cloud` port.
 * The queue of writes belongs to the object made here, and so do the rate limits unless `deps.rates` has them: make one
 * per connection and process, not one per run, or they cannot do their work.
 */
export function createTencentCloud(
  connection: CloudConnection,
  deps: CloudDeps,
): Cloud & FunctionCloud & HistoryCloud {
  const caller = createCaller(connection, deps);
  const writer = createCaller(connection, { ...deps, keys: writerKeys(deps.keys ?? fixedKeys(connection)) });
  const waiting = {
    now: deps.now,
    sleep: deps.sleep ?? realSleep,
    random: deps.random ?? Math.random,
  };
  return {
    readEstate: (onProgress, rank = 'requested') => {
      const writes = deps.keys?.writes() ?? 'same';
      return readEstate(connection, caller, deps.now, onProgress, rank, writes === 'own' ? writer : writes);
    },
    readChanges: (known, watched) => readChanges(connection, caller, deps.now, known, watched),
    read: createReadObject(caller, deps.now),
    ...createWrites(caller, waiting),
    deployFunction: (spec, id, onProgress) => deployToCloud(caller, spec, id, onProgress, waiting),
    addressOwner: createAddressOwner(caller, connection.regions, deps.now),
    portRules: createPortRules(caller, deps.now),
    readyInstances: async (of) => (await findProvisioned(caller, of)).ready,
    getFunction: (key) => readFunction(caller, key),
    readFunctionPart: (id, part) => readPart(caller, id, part, deps.now().getTime()),
    readTrafficHistory: (asked) => readTrafficHistory(caller, asked),
    changeFunction: (id, change, changeId, beforeSend) =>
      changeFunction(caller, id, change, changeId, beforeSend, waiting),
    invoke: (address, event) => invokeFunction(caller, address, event, waiting),
    ...createMeasure(caller, deps),
    auditTrail: (span) =>
      listAuditedWrites(caller, auditRegion(connection.regions), span, deps.now().getTime()),
  };
}
