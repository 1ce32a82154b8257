import { loadBalancerDayPrice, type Price, prices, trafficGbPrice } from '@/lib/estate/facts/prices';

/** The duration of an event and its load. */
export type EventLoad = {
  /** From the beginning of prewarm to T0. */
  readonly prewarmS: number;
  /** From T0 to T1. */
  readonly heldS: number;
  /** From T1 until nothing of it is left: requests may come as long. */
  readonly drainS: number;
  /** Requests a second from T0 on, on average; null = not known. */
  readonly averageRps: number | null;
  /** With its headers, in KB (2¹⁰ bytes). */
  readonly responseKb: number;
  /** The duration of a function call, in ms; null = unknown, so that each takes as long as its timeout allows. */
  readonly callMs: number | null;
  /** The time that clients keep an unused connection, in seconds. */
  readonly keepAliveS: number;
};

/** A function that requests go to. */
export type CostedFunction = {
  readonly name: string;
  readonly region: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
};

/** Instances that are kept ready for the event, more than before it. */
export type CostedInstances = CostedFunction & { readonly instances: number };

/** A load balancer that requests come through. */
export type CostedBalancer = {
  readonly name: string;
  readonly region: string;
  readonly isPublic: boolean;
  /** True if the event creates it: then it is also billed by the day. */
  readonly isMade: boolean;
  /** The billing of its work: none if it is shared. */
  readonly work: 'units' | 'shared' | 'unread';
  readonly traffic: 'byTraffic' | 'byBandwidth' | 'byServers' | 'unread';
  readonly rules: number;
};

/** The parts that an event consists of. */
export type EventParts = {
  readonly functions: readonly CostedFunction[];
  readonly warm: readonly CostedInstances[];
  readonly balancers: readonly CostedBalancer[];
  /** Names of functions that are not in the snapshot. */
  readonly unread: readonly string[];
};

export const costItems = ['calls', 'gbSeconds', 'warm', 'loadBalancer', 'lcu', 'traffic'] as const;
export type CostItem = (typeof costItems)[number];

/** The maximum cost of an item, at its list price. */
export type CostLine = {
  readonly item: CostItem;
  readonly name: string;
  readonly region: string;
  /** In the unit of the item: calls, GB-seconds, days, capacity unit hours, GB. */
  readonly quantity: number;
  readonly usd: number;
  readonly price: Price;
};

/** A cost that the sum omits or includes only as a bound. `of` names what it is about; '' = the whole. */
export type CostUnknown = {
  readonly why:
    | ('noLoad' | 'byTimeout' | 'spread' | 'unreadFunction')
    | ('unreadWork' | 'mayBeShared' | 'unreadTraffic' | 'byBandwidth' | 'byServers' | 'noPrice')
    | ('functionTraffic' | 'discounts');
  readonly of: string;
};

export type EventCost = {
  /** The sum of the lines, in US$. */
  readonly usd: number;
  readonly lines: readonly CostLine[];
  readonly unknown: readonly CostUnknown[];
};

/** A request without a body, with its headers, in KB. Assumed: the sizes during an event are unknown. */
const assumedRequestKb = 2;
const kbPerGb = 1024 * 1024;

type Found = { readonly lines: readonly CostLine[]; readonly unknown: readonly CostUnknown[] };

function lineOf(
  item: CostItem,
  { name, region }: { readonly name: string; readonly region: string },
  quantity: number,
  price: Price,
): CostLine {
  return { item, name, region, quantity, usd: quantity * price.usd, price };
}

/** Returns the maximum duration of a call, in seconds. */
const callS = ({ timeoutS }: CostedFunction, { callMs }: EventLoad) =>
  callMs === null ? timeoutS : callMs / 1000;

function callsOf(parts: EventParts, load: EventLoad, requests: number): Found {
  const lines = parts.functions.flatMap((fn) => [
    lineOf('calls', fn, requests, prices.call),
    lineOf('gbSeconds', fn, requests * callS(fn, load) * (fn.memoryMb / 1024), prices.gbSecond),
  ]);
  const isBounded = load.callMs === null && parts.functions.length > 0 && requests > 0;
  return { lines, unknown: isBounded ? [{ why: 'byTimeout', of: '' }] : [] };
}

/** Warm instances cost while they do nothing: those that calls keep busy are paid for as calls. */
function warmOf(parts: EventParts, load: EventLoad): Found {
  const lines = parts.warm.map((fn) => {
    // Where its load is not known, none of them is busy; where that of several functions is, each may get nothing of
    // it.
    const isAlone = parts.functions.length === 1 && load.callMs !== null;
    const busy = isAlone ? (load.averageRps ?? 0) * callS(fn, load) : 0;
    const idleS =
      fn.instances * load.prewarmS + Math.max(0, fn.instances - busy) * (load.heldS + load.drainS);
    return lineOf('warm', fn, idleS * (fn.memoryMb / 1024), prices.idleGbSecond);
  });
  return { lines, unknown: [] };
}

function balancerOf(balancer: CostedBalancer, load: EventLoad, requests: number): Found {
  const { name, region, isPublic, isMade, work, traffic, rules } = balancer;
  const { prewarmS, heldS, drainS, averageRps, responseKb, keepAliveS } = load;
  const [lines, unknown]: [CostLine[], CostUnknown[]] = [[], []];
  if (isMade) {
    const price = loadBalancerDayPrice(region);
    const days = Math.max(1, Math.ceil((prewarmS + heldS + drainS) / 86_400));
    if (price === null) unknown.push({ why: 'noPrice', of: `${name}, ${region}` });
    else lines.push(lineOf('loadBalancer', balancer, days, price));
  }
  const rps = averageRps ?? 0;
  if (work === 'unread') unknown.push({ why: 'unreadWork', of: name });
  else if (work === 'units' || isMade) {
    const units = capacityUnits({
      // Each request may come over its own connection, which its client then keeps.
      newConnectionsPerS: rps,
      openConnections: rps * keepAliveS,
      gbPerHour: (rps * 3600 * (responseKb + assumedRequestKb)) / kbPerGb,
      requestsPerS: rps,
      rules,
    });
    lines.push(lineOf('lcu', balancer, (units * (heldS + drainS)) / 3600, prices.lcuHour));
    if (work === 'shared') unknown.push({ why: 'mayBeShared', of: name });
  }
  if (!isPublic) return { lines, unknown };
  if (traffic !== 'byTraffic') {
    unknown.push({ why: traffic === 'unread' ? 'unreadTraffic' : traffic, of: name });
    return { lines, unknown };
  }
  const price = trafficGbPrice(region);
  if (price === null) unknown.push({ why: 'noPrice', of: `${name}, ${region}` });
  else lines.push(lineOf('traffic', balancer, (requests * responseKb) / kbPerGb, price));
  return { lines, unknown };
}

/** Items that follow the requests: where these go over several things, all of them are taken to go over the dearest. */
const followsLoad: ReadonlySet<CostItem> = new Set(['calls', 'gbSeconds', 'lcu', 'traffic']);

function dearest(lines: readonly CostLine[]): readonly CostLine[] {
  return costItems.flatMap((item) => {
    const own = lines.filter((line) => line.item === item);
    const [first] = own.toSorted((a, b) => b.usd - a.usd);
    return followsLoad.has(item) && first !== undefined ? [first] : own;
  });
}

/**
 * Returns the maximum cost of an event by list prices, from the beginning of prewarm until all its objects are deleted,
 * and the items that the sum excludes. An item without a bound is listed as unknown, never counted as 0.
 */
export function eventCost(parts: EventParts, load: EventLoad): EventCost {
  const requests = (load.averageRps ?? 0) * (load.heldS + load.drainS);
  const found = [
    callsOf(parts, load, requests),
    warmOf(parts, load),
    ...parts.balancers.map((each) => balancerOf(each, load, requests)),
  ];
  const all = found.flatMap((each) => each.lines);
  const isKnown = load.averageRps !== null;
  const lines = dearest(all).filter(({ item }) => isKnown || !followsLoad.has(item));
  const isSpread = isKnown && (parts.functions.length > 1 || parts.balancers.length > 1);
  const unknown: readonly CostUnknown[] = [
    ...(isKnown ? [] : [{ why: 'noLoad', of: '' } as const]),
    ...parts.unread.map((of) => ({ why: 'unreadFunction', of }) as const),
    ...found.flatMap((each) => each.unknown),
    ...(isSpread ? [{ why: 'spread', of: '' } as const] : []),
    ...(parts.functions.length > 0 ? [{ why: 'functionTraffic', of: '' } as const] : []),
    { why: 'discounts', of: '' },
  ];
  return { usd: lines.reduce((sum, { usd }) => sum + usd, 0), lines, unknown };
}

/** The load of a load balancer in an hour, as its capacity units count it: averages of the hour. */
type BalancerLoad = {
  readonly newConnectionsPerS: number;
  readonly openConnections: number;
  /** Both ways. */
  readonly gbPerHour: number;
  readonly requestsPerS: number;
  /** Of its HTTP and HTTPS listeners: the first ten cost nothing. */
  readonly rules: number;
};

/**
 * Returns the capacity units (LCU) that a load balancer is billed for by the hour, of HTTP and HTTPS listeners: the
 * largest of the four counts. https://www.tencentcloud.com/document/product/214/41563 (2025-10-31)
 */
export function capacityUnits(load: BalancerLoad): number {
  const { newConnectionsPerS, openConnections, gbPerHour, requestsPerS, rules } = load;
  const evaluationsPerS = requestsPerS * Math.max(1, rules - 10);
  return Math.max(newConnectionsPerS / 25, openConnections / 3000, gbPerHour, evaluationsPerS / 1000);
}
