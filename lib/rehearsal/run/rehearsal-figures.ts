import { type Guard, runMeasures } from '@/lib/diversion/cutover';
import { listDomains } from '@/lib/diversion/routes';
import { areSidesWhole, listMovedRoutes, type MovedRequests } from '@/lib/estate/bindings/side-routes';
import type { Prober } from '@/lib/estate/probe';
import { movedRequests } from '@/lib/plan/model/measured-routes';
import type { MinuteMeasures } from '@/lib/rehearsal/traffic/minute-measures';
import {
  askedNamesMax,
  type ConvergingName,
  type DnsAnswer,
  listConvergingNames,
  type VantageReport,
} from '@/lib/run/model/convergence';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { Sample } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import { listShares, type ShareChange } from '@/lib/run/model/run-charts';
import { computeFigures, getSettleS } from '@/lib/run/model/run-figures';
import { listAgentRequests } from '@/lib/run/model/run-watch';

/** The interval at which vantage points are asked, in ms: that of a run by default (`SPILLWAY_PROBE_S`). */
const roundMs = 15_000;
/** As many resolvers as the settings may name, and some agents: assumptions. */
const resolversMax = 20;
const agentsMax = 4;

/** Returns the number of agents: each is in the network of one of the largest resolvers. */
export function countAgents(resolvers: number): number {
  return Math.min(agentsMax, resolvers);
}

/** The records of a name itself, and the time for which they may still be cached. */
type CachedAnswer = { readonly values: readonly string[]; readonly ttlS: number };

export type FigureParts = {
  readonly guards: readonly Guard[];
  /** The time for which clients keep a connection, as in the creation of the plan, in seconds. */
  readonly keepAliveS: number;
  /** The hosts of the clients, in their order. */
  readonly hosts: readonly string[];
  readonly resolvers: number;
  readonly clients: {
    /**
     * Returns what a resolver answers for a host: from its cache, or as it gets it now; null if it does not answer, or the
     * host has no address.
     * @param draw from 0 up to 1: which of several weighted records is a new answer
     */
    askResolver(
      resolver: number,
      hostIndex: number,
      nowMs: number,
      draw: number,
    ): CachedAnswer | null | Promise<CachedAnswer | null>;
  };
  readonly traffic: Pick<MinuteMeasures, 'sides' | 'routeRate' | 'estate'>;
  /** Send requests as clients of the networks of the largest resolvers do. */
  readonly agents: readonly Prober[];
  readonly record: () => RunRecord;
  /** The worker's clock. */
  readonly now: () => Date;
  /** Epoch ms of the cloud's clock. */
  readonly cloudNowMs: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
};

type Moved = {
  readonly names: readonly ConvergingName[];
  readonly shares: readonly ShareChange[];
  /** null = none are told apart from others: see `movedRequests`. */
  readonly requests: MovedRequests | null;
};

/**
 * The figures of a rehearsed run that its guards use, computed as in a run: vantage points are the largest resolvers of
 * the simulated clients, agents send requests from their networks, and the requests and errors of both sides are those
 * that monitoring has. Nothing is asked for a figure that no guard uses.
 */
export class RehearsalFigures {
  readonly #parts: FigureParts;
  readonly #wanted;
  #reports: readonly VantageReport[] = [];
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #moved: Moved = { names: [], shares: [], requests: null };
  /** Events that were looked at, and those of them that may have moved a name. */
  #seen = 0;

  constructor(parts: FigureParts) {
    this.#parts = parts;
    this.#wanted = runMeasures.filter((measure) => parts.guards.some((guard) => guard.measure === measure));
  }

  /** Reads the figures of a round. */
  async read(): Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>> {
    if (this.#wanted.length === 0) return { measures: {}, lagMs: {} };
    const { traffic, cloudNowMs } = this.#parts;
    const now = this.#parts.now();
    const nowMs = cloudNowMs();
    const { names, shares, requests } = this.#readMoved();
    if (nowMs - this.#askedAtMs >= roundMs) {
      this.#askedAtMs = nowMs;
      this.#reports = await this.#ask(names, nowMs);
    }
    const minute = traffic.sides(nowMs);
    const point = minute && {
      at: now.toISOString(),
      cvm: minute.cvm,
      function: minute.function,
      errorRate: null,
      sideErrors: minute.errors,
      ...this.#readParts(requests, nowMs),
      lagMs: minute.lagMs,
      functions: [],
    };
    // Requests are measured in each minute, so that DNS answers are not needed as a sample of the split.
    const { measures, lagMs } = computeFigures({
      names,
      reports: this.#reports,
      traffic: point,
      shares,
      settleS: getSettleS(this.#parts.record().plan, this.#parts.keepAliveS),
      split: [],
      // The simulated requests are those of clients alone.
      ownPerMinute: 0,
      now,
    });
    return { measures: Object.fromEntries(this.#wanted.map((name) => [name, measures[name]])), lagMs };
  }

  /** Reads the moved names and the intended shares again if a write has been accepted or done since. */
  #readMoved(): Moved {
    const run = this.#parts.record();
    const { plan, events } = run;
    const hasMoved = events.slice(this.#seen).some(({ type }) => type === 'accepted' || type === 'stepDone');
    this.#seen = events.length;
    if (!hasMoved) return this.#moved;
    const bound = hasPlaceholders(plan) ? { ...run, plan: bindPlan(plan, events) } : run;
    const from = events[0]?.at ?? this.#parts.now().toISOString();
    this.#moved = {
      names: listConvergingNames(bound),
      shares: listShares(run, from),
      requests: movedRequests(bound.plan),
    };
    return this.#moved;
  }

  /** Reads which of the requests are compared with the intended share. */
  #readParts(requests: MovedRequests | null, nowMs: number): Pick<TrafficPoint, 'areSidesWhole' | 'moved'> {
    if (!this.#wanted.includes('splitDeviation')) return {};
    const { traffic, record } = this.#parts;
    const { diversion } = record().plan;
    if (diversion.kind === 'switch')
      return { areSidesWhole: areSidesWhole(traffic.estate(), listDomains(diversion.routes)) };
    const moved = requests === null ? null : listMovedRoutes(traffic.estate(), requests);
    if (moved === null) return { moved };
    const [cvm, fn] = [traffic.routeRate(moved.cvm, nowMs), traffic.routeRate(moved.function, nowMs)];
    return { moved: { cvm, function: fn, errorRate: null } };
  }

  async #ask(names: readonly ConvergingName[], nowMs: number): Promise<readonly VantageReport[]> {
    const { resolvers, agents } = this.#parts;
    const isWanted = (...measures: readonly (typeof runMeasures)[number][]) =>
      measures.some((measure) => this.#wanted.includes(measure));
    const asked = isWanted('notConverged') ? names.slice(0, askedNamesMax) : [];
    const at = this.#parts.now().toISOString();
    const reports: VantageReport[] = [];
    for (let resolver = 0; resolver < Math.min(resolversMax, resolvers); resolver += 1) {
      const agent = isWanted('agentFailures') ? agents[resolver] : undefined;
      reports.push({
        kind: agent === undefined ? 'resolver' : 'agent',
        name: `resolver ${resolver + 1}`,
        address: null,
        at,
        dns: await this.#askNames(asked, resolver, nowMs, at),
        http: agent === undefined ? [] : await this.#request(agent),
        counts: [],
      });
    }
    return reports;
  }

  async #askNames(
    names: readonly ConvergingName[],
    resolver: number,
    nowMs: number,
    at: string,
  ): Promise<readonly DnsAnswer[]> {
    const { hosts, clients, random } = this.#parts;
    const answers: DnsAnswer[] = [];
    for (const { name } of names) {
      const index = hosts.indexOf(name);
      if (index < 0) continue;
      const found = await clients.askResolver(resolver, index, nowMs, random());
      answers.push(
        found === null
          ? { name, at, values: null, ttlS: null, failure: 'the resolver does not answer' }
          : { name, at, values: found.values, ttlS: found.ttlS, failure: null },
      );
    }
    return answers;
  }

  /** Sends the requests of an agent: those of the run's probes, to the names as clients use them. */
  async #request(agent: Prober): Promise<VantageReport['http']> {
    const run = this.#parts.record();
    const plan = hasPlaceholders(run.plan) ? bindPlan(run.plan, run.events) : run.plan;
    const answers: VantageReport['http'][number][] = [];
    for (const { url, probe } of listAgentRequests(plan, foldRun(run).direction)) {
      const { expect, host } = probe;
      const { passed, status, latencyMs, failure } = await agent.probe({
        ...probe,
        address: host,
        expect: { status: expect.status, bodyContains: null },
      });
      answers.push({ url, passed, status: Number(status), latencyMs, failure });
    }
    return answers;
  }
}
