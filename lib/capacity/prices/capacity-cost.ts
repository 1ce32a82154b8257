import { type CostItem, type CostUnknown, capacityUnits } from '@/lib/capacity/prices/event-cost';
import type { CapacityScenario, ScenarioBalancer } from '@/lib/capacity/scenario/scenario';
import { warmUpPerS } from '@/lib/capacity/sides/provisioned';
import { type Price, prices, trafficGbPrice } from '@/lib/estate/facts/prices';

const kbPerGb = 1024 * 1024;
const hourS = 3600;

/** A price in the currency of the scenario; `source` = '' for one that the scenario gives. */
export type UnitPrice = { readonly amount: number; readonly asOf: string; readonly source: string };

export type CapacityCostLine = {
  readonly item: CostItem;
  readonly name: string;
  readonly region: string;
  /** In the unit of the item: calls, GB-seconds, capacity unit hours, GB. */
  readonly quantity: number;
  readonly amount: number;
  readonly price: UnitPrice;
};

export type CapacityCost = {
  readonly currency: string;
  readonly total: number;
  /** The range of the total by the assumed uncertainty. */
  readonly low: number;
  readonly high: number;
  readonly lines: readonly CapacityCostLine[];
  /** Costs that the sum omits. */
  readonly unknown: readonly CostUnknown[];
};

/** The work of a load balancer by hour. */
type BalancerHour = { seconds: number; opened: number; connectionS: number; requests: number };

/** Adds up what an event costs, step by step. */
export class CostMeter {
  readonly #scenario: CapacityScenario;
  readonly #calls: number[];
  readonly #gbSeconds: number[];
  readonly #idleGbSeconds: number[];
  /** By load balancer, then by hour; steps longer than an hour leave some out. */
  readonly #hours: readonly Map<number, BalancerHour>[];
  readonly #balancers: readonly ScenarioBalancer[];
  readonly #steps: Float64Array;
  readonly #unitPrices;
  readonly #trafficPrices: readonly (UnitPrice | null)[];

  constructor(scenario: CapacityScenario, steps: number) {
    this.#scenario = scenario;
    this.#calls = scenario.functions.map(() => 0);
    this.#gbSeconds = scenario.functions.map(() => 0);
    this.#idleGbSeconds = scenario.functions.map(() => 0);
    const { cvm, function: other } = scenario.balancers;
    this.#balancers = other === null ? [cvm] : [cvm, other];
    this.#hours = this.#balancers.map(() => new Map());
    this.#steps = new Float64Array(steps);
    this.#unitPrices = unitPrices(scenario);
    this.#trafficPrices = this.#balancers.map((balancer) => trafficPrice(balancer, scenario));
  }

  addFunction(
    step: number,
    index: number,
    used: { readonly calls: number; readonly gbSeconds: number; readonly idleGbSeconds: number },
  ): void {
    const { call, gbSecond, idleGbSecond } = this.#unitPrices;
    this.#calls[index] = (this.#calls[index] ?? 0) + used.calls;
    this.#gbSeconds[index] = (this.#gbSeconds[index] ?? 0) + used.gbSeconds;
    this.#idleGbSeconds[index] = (this.#idleGbSeconds[index] ?? 0) + used.idleGbSeconds;
    const amount =
      used.calls * call.amount + used.gbSeconds * gbSecond.amount + used.idleGbSeconds * idleGbSecond.amount;
    this.#steps[step] = (this.#steps[step] ?? 0) + amount;
  }

  addBalancer(
    step: number,
    index: number,
    used: { readonly rps: number; readonly newConnectionsPerS: number; readonly connections: number },
  ): void {
    const { stepS, clients } = this.#scenario;
    const hours = this.#hours[index];
    if (hours === undefined) return;
    const at = Math.floor((step * stepS) / hourS);
    const hour = hours.get(at) ?? { seconds: 0, opened: 0, connectionS: 0, requests: 0 };
    hours.set(at, hour);
    hour.seconds += stepS;
    hour.opened += used.newConnectionsPerS * stepS;
    hour.connectionS += used.connections * stepS;
    hour.requests += used.rps * stepS;
    const price = this.#trafficPrices[index];
    if (price === undefined || price === null) return;
    const gb = (used.rps * stepS * clients.responseKb) / kbPerGb;
    this.#steps[step] = (this.#steps[step] ?? 0) + gb * price.amount;
  }

  /** Returns the capacity units of an hour. */
  #units(hour: BalancerHour, balancer: ScenarioBalancer): number {
    const { responseKb, requestKb } = this.#scenario.clients;
    return capacityUnits({
      newConnectionsPerS: hour.opened / hour.seconds,
      openConnections: hour.connectionS / hour.seconds,
      gbPerHour: ((hour.requests / hour.seconds) * hourS * (responseKb + requestKb)) / kbPerGb,
      requestsPerS: hour.requests / hour.seconds,
      rules: balancer.rules,
    });
  }

  /** Returns the cost by item, and the sum by step. */
  finish(): { readonly cost: CapacityCost; readonly bySteps: Float64Array } {
    const { functions, prices: own, clients, assumptions, stepS } = this.#scenario;
    const { call, gbSecond, idleGbSecond, lcuHour } = this.#unitPrices;
    const [lines, unknown]: [CapacityCostLine[], CostUnknown[]] = [[], []];
    const add = (
      item: CostItem,
      { name, region }: { readonly name: string; readonly region: string },
      quantity: number,
      price: UnitPrice,
    ) => lines.push({ item, name, region, quantity, amount: quantity * price.amount, price });
    for (const [index, fn] of functions.entries()) {
      add('calls', fn, this.#calls[index] ?? 0, call);
      add('gbSeconds', fn, this.#gbSeconds[index] ?? 0, gbSecond);
      add(
        'warm',
        fn,
        (this.#idleGbSeconds[index] ?? 0) + prewarmGbSeconds(this.#scenario, index),
        idleGbSecond,
      );
    }
    for (const [index, balancer] of this.#balancers.entries()) {
      const hours = this.#hours[index] ?? new Map<number, BalancerHour>();
      if (balancer.spec !== '') {
        let units = 0;
        for (const [at, hour] of hours) {
          const inHour = (this.#units(hour, balancer) * hour.seconds) / hourS;
          units += inHour;
          const first = Math.ceil((at * hourS) / stepS);
          const count = Math.round(hour.seconds / stepS);
          for (let step = first; step < first + count; step += 1)
            this.#steps[step] = (this.#steps[step] ?? 0) + (inHour * lcuHour.amount) / count;
        }
        add('lcu', balancer, units, lcuHour);
      }
      const price = this.#trafficPrices[index] ?? null;
      const requests = [...hours.values()].reduce((sum, hour) => sum + hour.requests, 0);
      if (price !== null) add('traffic', balancer, (requests * clients.responseKb) / kbPerGb, price);
      else if (balancer.isPublic)
        unknown.push({ why: 'noPrice', of: `${balancer.name}, ${balancer.region}` });
    }
    unknown.push({ why: 'discounts', of: '' });
    const total = lines.reduce((sum, { amount }) => sum + amount, 0);
    const spread = assumptions['cost.uncertainty'];
    const cost = {
      currency: own.currency,
      total,
      low: total * (1 - spread),
      high: total * (1 + spread),
      lines,
      unknown,
    };
    return { cost, bySteps: this.#steps };
  }
}

const listPrice = ({ usd, asOf, source }: Price): UnitPrice => ({ amount: usd, asOf, source });

/** Returns the price of a GB to clients; null = none, or the list has no such region. */
function trafficPrice(balancer: ScenarioBalancer, { prices: own }: CapacityScenario): UnitPrice | null {
  if (!balancer.isPublic) return null;
  if (own.trafficGb !== undefined) return { amount: own.trafficGb, asOf: '', source: '' };
  const listed = trafficGbPrice(balancer.region);
  return listed === null ? null : listPrice(listed);
}

function unitPrices({ prices: own }: CapacityScenario) {
  const pick = (given: number | undefined, listed: Price): UnitPrice =>
    given === undefined ? listPrice(listed) : { amount: given, asOf: '', source: '' };
  return {
    call: pick(own.call, prices.call),
    gbSecond: pick(own.gbSecond, prices.gbSecond),
    idleGbSecond: pick(own.idleGbSecond, prices.idleGbSecond),
    lcuHour: pick(own.lcuHour, prices.lcuHour),
  };
}

/** Returns the idle time of instances that a scenario starts before its first second, in GB-seconds. */
function prewarmGbSeconds({ functions, regions, assumptions }: CapacityScenario, index: number): number {
  const fn = functions[index];
  const limits = regions.find(({ region }) => region === fn?.region);
  if (fn === undefined || limits === undefined) return 0;
  const sharing = functions.filter(
    ({ region, provisioned }) => region === fn.region && provisioned.length > 0,
  ).length;
  const perS = warmUpPerS(limits, sharing, assumptions);
  let sum = 0;
  const changes = fn.provisioned.filter(({ atS }) => atS < 0);
  let [warm, fromS, target] = [0, changes[0]?.atS ?? 0, 0];
  for (const { atS, instances } of [...changes, { atS: 0, instances: 0 }]) {
    const risingS = Math.min(atS - fromS, Math.max(0, (target - warm) / perS));
    const reached = Math.min(target, warm + risingS * perS);
    sum += risingS * ((warm + reached) / 2) + (atS - fromS - risingS) * reached;
    [warm, fromS, target] = [Math.min(reached, instances), atS, instances];
  }
  return (sum * fn.memoryMb) / 1024;
}
