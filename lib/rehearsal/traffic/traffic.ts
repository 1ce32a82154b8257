import { sampleDemand } from '@/lib/capacity/demand/demand';
import { combinedQuantile, type WeightedWait } from '@/lib/capacity/queueing/combined-wait';
import { noWait } from '@/lib/capacity/queueing/wait';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { LoadBalancerLimiter } from '@/lib/capacity/sides/balancer-limits';
import type { CvmStep } from '@/lib/capacity/sides/cvm-pool';
import type { Population } from '@/lib/rehearsal/input';
import type { World } from '@/lib/sandbox/world/world';
import { type AddressShare, addressKey, type ClientGroups } from './clients';
import { type FunctionOutcome, FunctionPools } from './function-pools';
import type { RequestedHost } from './list-hosts';
import { eachFailure, type FailureCause, type Failures, noFailures, sumFailures } from './outcomes';
import type { Destination, ServedRoutes } from './served-routes';
import { type ServerFlow, type ServerOutcome, ServerPools } from './server-pools';

/** The requests of one host to one address and path in a step. */
type Flow = {
  readonly hostIndex: number;
  readonly to: Destination;
  /** The key of the addresses that its clients have. */
  readonly addresses: string;
  /** Requests of the step. */
  readonly count: number;
};

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
  readonly #retries = new Retries();
  /** The shares of the last step that failed, by rule, and the addresses that each host's clients had. */
  #lastFailures: ReadonlyMap<string, Failures> = new Map();
  readonly #lastShares: (readonly AddressShare[])[];
  /** By host, then by its addresses: where requests go until the sandbox data change. */
  #steady: readonly Map<readonly string[], readonly Destination[]>[] = [];
  #version = -1;

  constructor(parts: TrafficParts) {
    const { scenario, world, functionKeys, startMs, hosts } = parts;
    this.#parts = parts;
    this.#servers = new ServerPools(scenario.cvm, scenario.assumptions);
    this.#functions = new FunctionPools(scenario, world, functionKeys, startMs);
    this.#demand = sampleDemand(scenario.demand, Math.ceil(scenario.durationS), 1);
    this.#lastShares = hosts.map(() => []);
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
    const { hosts, hostShares, clients, routes } = this.#parts;
    const nowMs = fromMs + (dtS * 1000) / 2;
    if (routes.routingVersion !== this.#version) this.#steady = hosts.map(() => new Map());
    this.#version = routes.routingVersion;
    const { rps, jump } = this.#demandIn(fromMs, dtS);
    const atS = (fromMs - this.#parts.startMs) / 1000;
    const due = this.#retries.take(atS + dtS / 2);
    const flows: Flow[] = [];
    let offered = 0;
    const attempts = hosts.map((_, hostIndex): Attempts => {
      const fresh = rps * dtS * (hostShares[hostIndex] ?? 0);
      const again = due[hostIndex] ?? [];
      offered += fresh;
      const count = again.reduce((sum, each) => sum + each, fresh);
      const shares = clients.shares(hostIndex, nowMs);
      this.#lastShares[hostIndex] = shares;
      for (const { addresses, key, share } of shares) {
        const found = this.#find(hostIndex, addresses, nowMs);
        for (const to of found)
          flows.push({ hostIndex, to, addresses: key, count: count * (share / found.length) });
      }
      return { fresh, again, count };
    });
    const all = attempts.reduce((sum, { count }) => sum + count, 0);
    const failures = this.#serve(flows, dtS, nowMs, all === 0 ? 0 : jump / (all / dtS));
    return this.#settle(flows, failures, attempts, { fromMs, dtS, offered, all });
  }

  /** Returns where the requests of a host to its addresses go, each with as many of them; null = it has none. */
  #find(hostIndex: number, addresses: readonly string[] | null, nowMs: number): readonly Destination[] {
    if (addresses === null) return [nowhere];
    const { hosts, routes } = this.#parts;
    const known = this.#steady[hostIndex]?.get(addresses);
    if (known !== undefined) return known;
    const { host = '', port = 0, paths = [] } = hosts[hostIndex] ?? {};
    const found = addresses.flatMap((address) =>
      paths.map((path) => routes.find(address, port, host, path, nowMs)),
    );
    // Servers whose health changes have to be looked up in each step.
    if (found.every((to) => routes.isSteady(to))) this.#steady[hostIndex]?.set(addresses, found);
    return found;
  }

  /** Returns the failures of each flow: of its load balancer, then of its backend. */
  #serve(flows: readonly Flow[], dtS: number, nowMs: number, jumpShare: number): Served {
    const passed = this.#passBalancers(flows, dtS);
    const serverFlows: { to: ServerFlow['to']; rps: number }[] = [];
    const placeOf = new Map<string, number>();
    const functionRps = new Map<string, number>();
    const jumps = new Map<string, number>();
    for (const [index, { to, count }] of flows.entries()) {
      const rps = (count / dtS) * (passed.accepted[index] ?? 1);
      if (to.kind === 'function' && !this.#parts.isFunctionDown(to.key)) {
        functionRps.set(to.key, (functionRps.get(to.key) ?? 0) + rps);
        jumps.set(to.key, (jumps.get(to.key) ?? 0) + rps * jumpShare);
      } else if (to.kind === 'servers') {
        const flow = serverFlows[placeOf.get(to.ruleKey) ?? -1];
        if (flow === undefined) placeOf.set(to.ruleKey, serverFlows.push({ to, rps }) - 1);
        else flow.rps += rps;
      }
    }
    const functions = this.#functions.step(functionRps, jumps, dtS, nowMs);
    const servers = this.#servers.step(serverFlows, dtS, nowMs);
    const byFunction = new Map(
      [...functions].map(([key, { step }]) => [key, sharesOf(step.refused, step.arrivals, 1)]),
    );
    const byPlace = failuresOfServers(servers);
    const failures = flows.map(({ to }, index): Failures => {
      const accepted = passed.accepted[index] ?? 1;
      const own = this.#failuresOf(to, byFunction) ?? byPlace[placeOf.get(to.ruleKey) ?? -1] ?? noFailures;
      if (accepted === 1) return own;
      return { ...sharesOf(own, 1, accepted), ...passed.failures[index] };
    });
    const pools = listPoolSteps(servers);
    const waits = [
      ...[...functions.values()].map(({ step: { served, wait } }) => ({ wait, weight: served })),
      ...pools.map(({ wait, served }) => ({ wait: served > 0 ? wait : noWait, weight: served })),
    ];
    return {
      failures,
      functions,
      waits,
      queued: pools.reduce((sum, { queued }) => sum + queued, 0),
      balancers: passed.uses,
    };
  }

  /** Returns the failures of requests to one place; null for servers. */
  #failuresOf(to: Destination, byFunction: ReadonlyMap<string, Failures>): Failures | null {
    if (to.kind === 'servers') return null;
    // A client that is sent elsewhere has been served.
    if (to.kind === 'unserved') return to.why === 'redirected' ? noFailures : { [to.why]: 1 };
    if (this.#parts.isFunctionDown(to.key)) return { functionError: 1 };
    // It exists and answers: "noFunction" is what `find` says of one that doesn't. Its capacity is not modelled.
    return byFunction.get(to.key) ?? noFailures;
  }

  #passBalancers(flows: readonly Flow[], dtS: number) {
    const { scenario } = this.#parts;
    const byBalancer = new Map<string, number[]>();
    for (const [index, { to }] of flows.entries()) {
      const key = to.balancerKey;
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
      const failures = served.failures[index] ?? noFailures;
      const { ruleKey, kind } = flow.to;
      to[kind] += flow.count;
      const rule = rules.get(ruleKey) ?? { count: 0, failures: new Map<FailureCause, number>() };
      rules.set(ruleKey, rule);
      rule.count += flow.count;
      last.set(ruleKey, failures);
      eachFailure(failures, (cause, share) => {
        const count = flow.count * share;
        rule.failures.set(cause, (rule.failures.get(cause) ?? 0) + count);
        const why = this.#isStale(flow) ? 'staleDns' : cause;
        failed[why] = (failed[why] ?? 0) + count;
        const at = failedAt.get(why) ?? new Map<string, number>();
        failedAt.set(why, at);
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

  /** Returns whether requests reach no backend because DNS returns their addresses no more. */
  #isStale({ hostIndex, to, addresses }: Flow): boolean {
    if (to.kind !== 'unserved' || addresses === '') return false;
    const { hosts, routes } = this.#parts;
    const answers = routes.answerShares(hosts[hostIndex]?.host ?? '');
    return answers.every(({ answer }) => answer === null || addressKey(answer.addresses) !== addresses);
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
      if (share === 0) continue;
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
  /** By second, then by host and retry. */
  readonly #due = new Map<number, number[][]>();
  #takenS = 0;
  #pending = 0;

  /** All that are still to be sent. */
  get pending(): number {
    return this.#pending;
  }

  add(atS: number, hostIndex: number, level: number, count: number): void {
    const second = Math.round(atS);
    const due = this.#due.get(second) ?? [];
    this.#due.set(second, due);
    addTo(due, hostIndex, level, count);
    this.#pending += count;
  }

  /** Removes those that are due before an instant, and returns them by host and retry, both as far as there are any. */
  take(beforeS: number): readonly (readonly number[] | undefined)[] {
    const taken: number[][] = [];
    for (; this.#takenS < beforeS; this.#takenS += 1) {
      this.#due.get(this.#takenS)?.forEach((levels, hostIndex) => {
        levels.forEach((count, level) => {
          addTo(taken, hostIndex, level, count);
          this.#pending = Math.max(0, this.#pending - count);
        });
      });
      this.#due.delete(this.#takenS);
    }
    return taken;
  }
}

function addTo(due: number[][], hostIndex: number, level: number, count: number): void {
  const levels = due[hostIndex] ?? [];
  due[hostIndex] = levels;
  for (let known = levels.length; known <= level; known += 1) levels.push(0);
  levels[level] = (levels[level] ?? 0) + count;
}

type Served = {
  readonly failures: readonly Failures[];
  readonly functions: ReadonlyMap<string, FunctionOutcome>;
  readonly waits: readonly WeightedWait[];
  readonly queued: number;
  readonly balancers: readonly BalancerUse[];
};

const nowhere: Destination = { kind: 'unserved', why: 'noAddress', ruleKey: '', balancerKey: '' };

/** Returns counts by cause as shares of all requests. */
function sharesOf(counts: Failures, of: number, factor: number): Failures {
  if (of <= 0) return noFailures;
  const shares: Partial<Record<FailureCause, number>> = {};
  eachFailure(counts, (cause, count) => {
    shares[cause] = (count / of) * factor;
  });
  return sumFailures(shares) > 0 ? shares : noFailures;
}

function failuresOfServers(servers: readonly ServerOutcome[]): readonly Failures[] {
  const known = new Map<CvmStep, Failures>();
  return servers.map(({ down, step }) => {
    if (step === null) return down > 0 ? { serverDown: down } : noFailures;
    if (down > 0) return { ...sharesOf(step.fates, 1, 1 - down), serverDown: down };
    const failures = known.get(step) ?? sharesOf(step.fates, 1, 1);
    known.set(step, failures);
    return failures;
  });
}

/** Returns the step of each pool once: most rules share one. */
function listPoolSteps(servers: readonly ServerOutcome[]): readonly CvmStep[] {
  const steps = new Set<CvmStep>();
  for (const { step } of servers) if (step !== null) steps.add(step);
  return [...steps];
}
