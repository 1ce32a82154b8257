import type { Cloud } from '@/lib/cloud/port';
import { probeReady } from '@/lib/cloud/probe/ready-probe';
import type { DnsProbe, HttpProbe, ProbeAnswer, Prober } from '@/lib/estate/probe';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';
import { eachFailure, type FailureCause, type Failures, sumFailures } from '@/lib/rehearsal/traffic/outcomes';
import type { Destination, Resolved, ServedRoutes } from '@/lib/rehearsal/traffic/served-routes';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';

/** The response to a request that fails for a cause; null = there is none. */
const statuses: Readonly<Record<FailureCause, number | null>> = {
  functionConcurrency: 432,
  functionBurst: 429,
  functionColdStart: 450,
  functionTimeout: 433,
  functionError: 430,
  serverBusy: 502,
  serverError: 500,
  serverTimeout: 504,
  serverSlow: 504,
  noBackend: 503,
  balancerRequests: null,
  balancerConnections: null,
  balancerBandwidth: null,
  noAddress: null,
  noListener: null,
  noRule: 404,
  wrongSite: 200,
  staleDns: null,
  noFunction: 435,
  serverDown: 502,
};

/** The time of a request without a wait, and of one that meets silence, in ms. */
const roundTripMs = 30;
const silenceMs = 10_000;

export type ProberParts = {
  readonly clock: VirtualClock;
  readonly routes: ServedRoutes;
  readonly random: SeededRandom;
  /** The failures that requests to a rule meet at the moment; null = none has gone there. */
  readonly failuresAt: (to: Destination) => Failures | null;
  /** The mean duration of requests to a backend, in ms. */
  readonly latencyMs: (to: Destination) => number;
  readonly cloud: Pick<Cloud, 'readyInstances'>;
  /** True while the prober's resolver answers. */
  readonly isResolverUp: () => boolean;
  /** Epoch ms of the cloud's clock. */
  readonly cloudNowMs: () => number;
};

/**
 * The probes of a rehearsal: they meet the same listeners, rules and backends as clients. A probe is a single request,
 * so chance decides whether it is one of those that fail. A snapshot has no code: a function answers with the text that is
 * expected of it, and a server never does.
 */
export class RehearsalProber implements Prober {
  readonly #parts: ProberParts;
  readonly #cache = new Map<string, Resolved & { readonly untilMs: number }>();

  constructor(parts: ProberParts) {
    this.#parts = parts;
  }

  async probe(probe: Parameters<Prober['probe']>[0]): Promise<ProbeAnswer> {
    if (probe.kind === 'ready')
      return probeReady(probe, this.#parts.cloud, () => this.#parts.clock.elapsedMs());
    return probe.kind === 'dns' ? this.#askName(probe) : this.#request(probe);
  }

  /** Resolves a name through the prober's resolver, which keeps an answer for its TTL. */
  #resolve(name: string): Resolved | null {
    const { routes, cloudNowMs, random } = this.#parts;
    const known = this.#cache.get(name);
    if (known !== undefined && known.untilMs > cloudNowMs()) return known;
    const found = routes.resolve(name, random.next());
    if (found !== null) this.#cache.set(name, { ...found, untilMs: cloudNowMs() + found.ttlS * 1000 });
    return found;
  }

  #silent(address: string, failure: string): ProbeAnswer {
    return {
      passed: false,
      latencyMs: silenceMs,
      status: null,
      address,
      body: '',
      failure,
      unanswered: true,
    };
  }

  async #askName({ name, type, expect }: DnsProbe): Promise<ProbeAnswer> {
    const address = 'resolver';
    if (!this.#parts.isResolverUp()) return this.#silent(address, 'the resolver does not answer');
    const values = this.#parts.routes.values(name, type);
    const isFound = values.includes(expect.value);
    const found = values.length === 0 ? `no ${type} record` : values.join(', ');
    return {
      passed: isFound,
      latencyMs: roundTripMs,
      status: 'NOERROR',
      address,
      body: found,
      failure: isFound ? null : `expected ${expect.value}, found ${found}`,
    };
  }

  async #request({ host, path, address, port, expect }: HttpProbe): Promise<ProbeAnswer> {
    const { routes, cloudNowMs, random, failuresAt, latencyMs } = this.#parts;
    const isName = /[a-z]/i.test(address) && !address.includes(':');
    if (isName && !this.#parts.isResolverUp()) return this.#silent(address, 'the resolver does not answer');
    const [ip = address] = isName ? (this.#resolve(address)?.addresses ?? []) : [address];
    const to = routes.find(ip, port, host, path, cloudNowMs());
    const failures: Failures =
      to.kind === 'unserved' ? (to.why === 'redirected' ? {} : { [to.why]: 1 }) : (failuresAt(to) ?? {});
    const cause = drawCause(failures, random.next());
    const place = `${ip}:${port}`;
    if (cause === null) {
      const isRedirect = to.kind === 'unserved';
      const status = isRedirect ? 302 : 200;
      const found = to.kind === 'function' ? (expect.bodyContains ?? '') : '';
      const failure =
        status !== expect.status
          ? `expected status ${expect.status}, found ${status}`
          : found.includes(expect.bodyContains ?? '')
            ? null
            : 'the body does not contain the expected text';
      const answer = { status: String(status), address: place, body: found, failure };
      return { passed: failure === null, latencyMs: Math.round(roundTripMs + latencyMs(to)), ...answer };
    }
    const status = statuses[cause];
    if (status === null) return this.#silent(place, cause);
    if (cause === 'wrongSite') {
      const failure = `another site answered: no rule for ${host} at port ${port}`;
      const answer = { status: String(status), address: place, body: '', failure };
      return { passed: false, latencyMs: roundTripMs, ...answer };
    }
    return {
      passed: status === expect.status,
      latencyMs: roundTripMs,
      status: String(status),
      address: place,
      body: '',
      failure: status === expect.status ? null : `expected status ${expect.status}, found ${status}`,
    };
  }
}

/** Returns the cause for which a single request fails; null if it doesn't. */
function drawCause(failures: Failures, draw: number): FailureCause | null {
  if (draw >= sumFailures(failures)) return null;
  let left = draw;
  let found: FailureCause | null = null;
  eachFailure(failures, (cause, share) => {
    if (found !== null) return;
    left -= share;
    if (left < 0) found = cause;
  });
  return found;
}
