import { sampleDemand } from '@/lib/capacity/demand/demand';
import { combinedQuantile, type WeightedWait } from '@/lib/capacity/queueing/combined-wait';
import { noWait, type Wait } from '@/lib/capacity/queueing/wait';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { LoadBalancerLimiter } from '@/lib/capacity/sides/balancer-limits';
import type { Population } from '@/lib/rehearsal/input';
import type { World } from '@/lib/sandbox/world/world';
import type { AddressShare, ClientGroups } from './clients';
import { type FunctionOutcome, FunctionPools } from './function-pools';
import type { RequestedHost } from './list-hosts';
import { eachFailure, type FailureCause, type Failures, sumFailures } from './outcomes';
import type { Destination, ServedRoutes } from './served-routes';
import { type ServerFlow, ServerPools } from './server-pools';

/** The requests of one host to one address and path in a step. */
type Flow = {
  readonly hostIndex: number;
  readonly to: Destination;
  /** Requests of the step. */
  readonly count: number;
};

/** A place that requests of a host go to, with their share. */
type Direction = { readonly to: Destination; readonly share: number };

/** The requests of a step that one load balancer has got. */
export type BalancerUse = {
  readonly key: string;
  readonly rps: number;
  readonly newConnectionsPerS: number;
  readonly connections: number;
};

/** The outcome of the requests of a step. Counts are requests of the step. */
export type TrafficStep = {
  readonly fromMs: number;
  readonly dtS: number;
  /** The requests that clients want, without retries. */
  readonly offered: number;
  readonly attempts: number;
  readonly served: number;
  /** Failed attempts by cause. */
  readonly failed: Readonly<Partial<Record<FailureCause, number>>>;
  /** Failed requests that are not sent again. */
  readonly lost: number;
  /** Failed requests that are still to be sent again. */
  readonly pending: number;
  /** Attempts by the kind of backend that got them. */
  readonly toServers: number;
  readonly toFunctions: number;
  readonly toNothing: number;
  readonly queued: number;
  readonly waitP50S: number;
  readonly waitP95S: number;
  readonly waitP99S: number;
  /** The waits of what was served, with weights in requests. */
  readonly waits: readonly WeightedWait[];
  readonly coldStarts: number;
  readonly functions: ReadonlyMap<string, FunctionOutcome>;
  readonly balancers: readonly BalancerUse[];
  /** Attempts and failures by rule. */
  readonly rules: ReadonlyMap<string, RuleTraffic>;
  /** Failed attempts by cause and host. */
  readonly failedAt: ReadonlyMap<FailureCause, ReadonlyMap<string, number>>;
};

export type RuleTraffic = { count: number; readonly failures: Map<FailureCause, number> };

export type TrafficParts = {
  readonly scenario: CapacityScenario;
  readonly population: Population;
  readonly hosts: readonly RequestedHost[];
  /** The part of all requests that each host gets; they add up to 1. */
  readonly hostShares: readonly number[];
  readonly routes: ServedRoutes;
  readonly clients: ClientGroups;
  readonly world: () => World;
  /** Functions that requests may go to. */
  readonly functionKeys: readonly string[];
  readonly startMs: number;
  /** The instant of second 0 of the scenario, in epoch ms. */
  readonly zeroMs: number;
  /** Functions that fail, by key, now. */
  readonly isFunctionDown: (key: string) => boolean;
};

/**
 * The requests of all clients, step by step: from their resolvers' answers, through listeners and rules of the sandbox
 * data, to the servers and functions of the capacity model. Expected values of many clients, not single requests.
 */
export class Traffic {
  readonly #parts: TrafficParts;
  readonly #servers: ServerPools;
  readonly #functions: FunctionPools;
  readonly #balancers = new Map<string, LoadBalancerLimiter>();
  readonly #demand: ReturnType<typeof sampleDemand>;
  readonly #retries: Retries;
  /** The shares of the last step that failed, by rule, and the addresses that each host's clients had. */
  #lastFailures: ReadonlyMap<string, Failures> = new Map();
  readonly #lastShares: (readonly AddressShare[])[];
  /** Directions by host that stay until its shares or the sandbox data change. */
  readonly #known: (
    | {
        readonly shares: readonly AddressShare[];
        readonly version: number;
        readonly directions: readonly Direction[];
      }
    | undefined
  )[] = [];

  constructor(parts: TrafficParts) {
    const { scenario, world, functionKeys, startMs, population, hosts } = parts;
    this.#parts = parts;
    this.#servers = new ServerPools(scenario.cvm, scenario.assumptions);
    this.#functions = new FunctionPools(scenario, world, functionKeys, startMs);
    this.#demand = sampleDemand(scenario.demand, Math.ceil(scenario.durationS), 1);
    this.#lastShares = hosts.map(() => []);
    this.#retries = new Retries(hosts.length, population.retry.attempts);
  }

  /** Returns the demand in a span, in requests per second. Before its beginning and after its end it stays. */
  #demandIn(fromMs: number, dtS: number): { readonly rps: number; readonly jump: number } {
    const { rps, jumps } = this.#demand;
    const last = rps.length - 1;
    const fromS = Math.floor((fromMs - this.#parts.zeroMs) / 1000);
    let [sum, jump, count] = [0, 0, 0];
    for (let second = fromS; second < fromS + Math.max(1, Math.round(dtS)); second += 1) {
      sum += rps[Math.min(last, Math.max(0, second))] ?? 0;
      jump += jumps[second] ?? 0;
      count += 1;
    }
    return { rps: sum / count, jump };
  }

  /** Runs one step. @param fromMs epoch ms of its beginning */
  step(fromMs: number, dtS: number): TrafficStep {
    const { hosts, hostShares } = this.#parts;
    const nowMs = fromMs + (dtS * 1000) / 2;
    const { rps, jump } = this.#demandIn(fromMs, dtS);
    const atS = (fromMs - this.#parts.startMs) / 1000;
    const due = this.#retries.take(atS + dtS / 2);
    const flows: Flow[] = [];
    let offered = 0;
    const attempts = hosts.map((_, hostIndex) => {
      const fresh = rps * dtS * (hostShares[hostIndex] ?? 0);
      const again = due[hostIndex] ?? [];
      offered += fresh;
      const count = again.reduce((sum, each) => sum + each, fresh);
      for (const { to, share } of this.#directions(hostIndex, nowMs))
        flows.push({ hostIndex, to, count: count * share });
      return { fresh, again, count };
    });
    const all = attempts.reduce((sum, { count }) => sum + count, 0);
    const failures = this.#serve(flows, dtS, nowMs, all === 0 ? 0 : jump / (all / dtS));
    return this.#settle(flows, failures, attempts, { fromMs, dtS, offered, all });
  }

  /** Returns where the requests of a host go, with their shares. */
  #directions(hostIndex: number, nowMs: number): readonly Direction[] {
    const { hosts, routes, clients } = this.#parts;
    const shares = clients.shares(hostIndex, nowMs);
    this.#lastShares[hostIndex] = shares;
    const known = this.#known[hostIndex];
    if (known?.shares === shares && known.version === routes.version) return known.directions;
    const { host = '', port = 0, paths = [] } = hosts[hostIndex] ?? {};
    const directions = shares.flatMap(({ addresses, share }): readonly Direction[] => {
      if (addresses === null) return [{ to: nowhere, share }];
      const each = share / addresses.length / paths.length;
      return addresses.flatMap((address) =>
        paths.map((path) => ({ to: routes.find(address, port, host, path, nowMs), share: each })),
      );
    });
    // Servers whose health changes have to be looked up in each step.
    const isSteady = directions.every(({ to }) => routes.isSteady(to));
    this.#known[hostIndex] = isSteady ? { shares, version: routes.version, directions } : undefined;
    return directions;
  }

  /** Returns the failures of each flow: of its load balancer, then of its backend. */
  #serve(flows: readonly Flow[], dtS: number, nowMs: number, jumpShare: number): Served {
    const passed = this.#passBalancers(flows, dtS);
    const serverFlows: ServerFlow[] = [];
    const serverPlace = new Map<number, number>();
    const byRule = new Map<string, number>();
    const functionRps = new Map<string, number>();
    const jumps = new Map<string, number>();
    for (const [index, { to, count }] of flows.entries()) {
      const rps = (count / dtS) * (passed.accepted[index] ?? 1);
      if (to.kind === 'function' && !this.#parts.isFunctionDown(to.key)) {
        functionRps.set(to.key, (functionRps.get(to.key) ?? 0) + rps);
        jumps.set(to.key, (jumps.get(to.key) ?? 0) + rps * jumpShare);
      } else if (to.kind === 'servers') {
        const place = byRule.get(to.ruleKey) ?? serverFlows.push({ to, rps: 0 }) - 1;
        byRule.set(to.ruleKey, place);
        const flow = serverFlows[place];
        if (flow !== undefined) serverFlows[place] = { ...flow, rps: flow.rps + rps };
        serverPlace.set(index, place);
      }
    }
    const functions = this.#functions.step(functionRps, jumps, dtS, nowMs);
    const servers = this.#servers.step(serverFlows, dtS, nowMs);
    const failures = flows.map(({ to }, index): Failures => {
      const accepted = passed.accepted[index] ?? 1;
      const own = this.#failuresOf(to, functions, servers[serverPlace.get(index) ?? -1]);
      if (accepted === 1) return own;
      const rest = Object.entries(own).map(([cause, share]) => [cause, share * accepted] as const);
      return { ...Object.fromEntries(rest), ...passed.failures[index] };
    });
    const waits = [
      ...[...functions.values()].map(({ step: { served, wait } }) => ({ wait, weight: served })),
      ...poolWaits(servers),
    ];
    const queued = new Set(servers.flatMap(({ step }) => step ?? []));
    return {
      failures,
      functions,
      waits,
      queued: [...queued].reduce((sum, step) => sum + step.queued, 0),
      balancers: passed.uses,
    };
  }

  #failuresOf(
    to: Destination,
    functions: ReadonlyMap<string, FunctionOutcome>,
    server: ReturnType<ServerPools['step']>[number] | undefined,
  ): Failures {
    switch (to.kind) {
      case 'unserved':
        // A client that is sent elsewhere has been served.
        return to.why === 'redirected' ? {} : { [to.why]: 1 };
      case 'function': {
        if (this.#parts.isFunctionDown(to.key)) return { functionError: 1 };
        const found = functions.get(to.key)?.step;
        if (found === undefined) return { noFunction: 1 };
        return sharesOf(found.refused, found.arrivals, 1);
      }
      case 'servers': {
        if (server === undefined) return {};
        const { down, step } = server;
        const rest = step === null ? {} : sharesOf(step.fates, 1, 1 - down);
        return down > 0 ? { ...rest, serverDown: down } : rest;
      }
    }
  }

  #passBalancers(flows: readonly Flow[], dtS: number) {
    const { scenario } = this.#parts;
    const byBalancer = new Map<string, number[]>();
    for (const [index, { to }] of flows.entries()) {
      const key = balancerOf(to.ruleKey);
      if (key === '') continue;
      const members = byBalancer.get(key) ?? [];
      members.push(index);
      byBalancer.set(key, members);
    }
    const accepted = flows.map(() => 1);
    const failures: Failures[] = [];
    const uses: BalancerUse[] = [];
    for (const [key, members] of byBalancer) {
      const rps = members.reduce((sum, index) => sum + (flows[index]?.count ?? 0), 0) / dtS;
      const limiter = this.#balancers.get(key) ?? this.#createLimiter(key, scenario);
      this.#balancers.set(key, limiter);
      const step = limiter.step(rps, dtS);
      uses.push({ key, rps, newConnectionsPerS: step.newConnectionsPerS, connections: step.connections });
      if (rps === 0 || step.accepted >= rps) continue;
      for (const index of members) {
        accepted[index] = step.accepted / rps;
        failures[index] = sharesOf(step.refused, rps * dtS, 1);
      }
    }
    return { accepted, failures, uses };
  }

  #createLimiter(key: string, { clients, assumptions }: CapacityScenario): LoadBalancerLimiter {
    const [uin = '', id = ''] = key.split('/');
    const found = this.#parts.world().accounts[uin]?.loadBalancers[id];
    const spec = found?.slaType ?? '';
    const bandwidthMbps = found === undefined || found.bandwidthMbps === 0 ? null : found.bandwidthMbps;
    const balancer = { name: id, region: found?.region ?? '', rules: 1, isPublic: true };
    return new LoadBalancerLimiter({ ...balancer, spec, bandwidthMbps }, clients, assumptions);
  }

  /** Adds up a step, and plans the retries of what failed in it. */
  #settle(
    flows: readonly Flow[],
    served: Served,
    attempts: readonly Attempts[],
    { fromMs, dtS, offered, all }: { fromMs: number; dtS: number; offered: number; all: number },
  ): TrafficStep {
    const failed: Partial<Record<FailureCause, number>> = {};
    const rules = new Map<string, RuleTraffic>();
    const failedByHost = this.#parts.hosts.map(() => 0);
    const to = { servers: 0, function: 0, unserved: 0 };
    const last = new Map<string, Failures>();
    const failedAt = new Map<FailureCause, Map<string, number>>();
    for (const [index, flow] of flows.entries()) {
      const failures = served.failures[index] ?? {};
      const { ruleKey, kind } = flow.to;
      to[kind] += flow.count;
      const rule = rules.get(ruleKey) ?? { count: 0, failures: new Map<FailureCause, number>() };
      rules.set(ruleKey, rule);
      rule.count += flow.count;
      last.set(ruleKey, failures);
      eachFailure(failures, (cause, share) => {
        const count = flow.count * share;
        failed[cause] = (failed[cause] ?? 0) + count;
        rule.failures.set(cause, (rule.failures.get(cause) ?? 0) + count);
        const at = failedAt.get(cause) ?? new Map<string, number>();
        failedAt.set(cause, at);
        const { host = '' } = this.#parts.hosts[flow.hostIndex] ?? {};
        at.set(host, (at.get(host) ?? 0) + count);
      });
      failedByHost[flow.hostIndex] = (failedByHost[flow.hostIndex] ?? 0) + flow.count * sumFailures(failures);
    }
    this.#lastFailures = last;
    const lost = this.#planRetries(attempts, failedByHost, (fromMs - this.#parts.startMs) / 1000, dtS);
    const allFailed = failedByHost.reduce((sum, count) => sum + count, 0);
    const coldStarts = [...served.functions.values()].reduce((sum, { step }) => sum + step.coldStarts, 0);
    const hasWaits = served.waits.some(({ wait, weight }) => wait.share > 0 && weight > 0);
    const quantile = (p: number) => (hasWaits ? combinedQuantile(served.waits, p) : 0);
    return {
      fromMs,
      dtS,
      offered,
      attempts: all,
      served: Math.max(0, all - allFailed),
      failed,
      lost,
      pending: this.#retries.pending,
      toServers: to.servers,
      toFunctions: to.function,
      toNothing: to.unserved,
      queued: served.queued,
      waitP50S: quantile(0.5),
      waitP95S: quantile(0.95),
      waitP99S: quantile(0.99),
      waits: served.waits,
      coldStarts,
      functions: served.functions,
      balancers: served.balancers,
      rules,
      failedAt,
    };
  }

  /** @returns the failed requests that are not sent again */
  #planRetries(
    attempts: readonly Attempts[],
    failedByHost: readonly number[],
    atS: number,
    dtS: number,
  ): number {
    const { retry } = this.#parts.population;
    let lost = 0;
    for (const [hostIndex, { fresh, again, count }] of attempts.entries()) {
      const share = count === 0 ? 0 : (failedByHost[hostIndex] ?? 0) / count;
      // The requests of the first attempt, then those of each retry.
      for (const [level, amount] of [fresh, ...again].entries()) {
        const failures = amount * share;
        if (failures === 0) continue;
        const retried = level < retry.attempts ? failures * retry.share : 0;
        lost += failures - retried;
        if (retried === 0) continue;
        this.#retries.add(atS + Math.max(dtS, retry.backoffS * 2 ** level), hostIndex, level, retried);
      }
    }
    return lost;
  }

  /** Returns the addresses that the clients of a host had in the last step, with their shares. */
  lastShares(hostIndex: number): readonly AddressShare[] {
    return this.#lastShares[hostIndex] ?? [];
  }

  /** The functions that requests may go to, as the capacity model has them. */
  get functions(): FunctionPools['functions'] {
    return this.#functions.functions;
  }

  /** Returns the failures that a request to a rule would have met in the last step; null = none has gone there. */
  lastFailures(ruleKey: string): Failures | null {
    return this.#lastFailures.get(ruleKey) ?? null;
  }
}

/** The requests of a host in a step: new ones, those of each retry, and all of them. */
type Attempts = { readonly fresh: number; readonly again: readonly number[]; readonly count: number };

/** Requests that are to be sent again, by the second of the rehearsal in which they are due. */
class Retries {
  readonly #hosts: number;
  readonly #attempts: number;
  /** By second, then by host and retry. */
  readonly #due = new Map<number, number[][]>();
  #takenS = 0;
  #pending = 0;

  constructor(hosts: number, attempts: number) {
    this.#hosts = hosts;
    this.#attempts = attempts;
  }

  /** All that are still to be sent. */
  get pending(): number {
    return this.#pending;
  }

  add(atS: number, hostIndex: number, level: number, count: number): void {
    const second = Math.round(atS);
    const due = this.#due.get(second) ?? this.#none();
    this.#due.set(second, due);
    const levels = due[hostIndex] ?? [];
    levels[level] = (levels[level] ?? 0) + count;
    this.#pending += count;
  }

  /** Removes those that are due before an instant, and returns them by host and retry. */
  take(beforeS: number): readonly (readonly number[])[] {
    const taken = this.#none();
    for (; this.#takenS < beforeS; this.#takenS += 1) {
      for (const [hostIndex, levels] of (this.#due.get(this.#takenS) ?? []).entries())
        for (const [level, count] of levels.entries()) {
          const own = taken[hostIndex] ?? [];
          own[level] = (own[level] ?? 0) + count;
          this.#pending = Math.max(0, this.#pending - count);
        }
      this.#due.delete(this.#takenS);
    }
    return taken;
  }

  #none(): number[][] {
    return Array.from({ length: this.#hosts }, () => Array.from({ length: this.#attempts }, () => 0));
  }
}

type Served = {
  readonly failures: readonly Failures[];
  readonly functions: ReadonlyMap<string, FunctionOutcome>;
  readonly waits: readonly WeightedWait[];
  readonly queued: number;
  readonly balancers: readonly BalancerUse[];
};

const nowhere: Destination = { kind: 'unserved', why: 'noAddress', ruleKey: '' };

/** Returns the load balancer of a rule's key; '' for none. */
function balancerOf(ruleKey: string): string {
  const end = ruleKey.lastIndexOf('/');
  return end < 0 ? '' : ruleKey.slice(0, end);
}

function sharesOf(counts: Readonly<Record<string, number>>, of: number, factor: number): Failures {
  if (of <= 0) return {};
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  return Object.fromEntries(entries.map(([cause, count]) => [cause, (count / of) * factor]));
}

function poolWaits(servers: ReturnType<ServerPools['step']>): readonly { wait: Wait; weight: number }[] {
  const steps = new Set(servers.flatMap(({ step }) => step ?? []));
  return [...steps].map(({ wait, served }) => ({ wait: served > 0 ? wait : noWait, weight: served }));
}
