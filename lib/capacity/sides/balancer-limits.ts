import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioBalancer, ScenarioClients } from '@/lib/capacity/scenario/scenario';
import { type BalancerLimits, clbSharedLimits, clbSpecLimits } from '@/lib/estate/facts/limits';

/** A step of a load balancer. */
export type BalancerStep = {
  /** Requests per second that pass. */
  readonly accepted: number;
  /** Requests of the step that don't, by the tightest limit. */
  readonly refused: {
    readonly balancerRequests: number;
    readonly balancerConnections: number;
    readonly balancerBandwidth: number;
  };
  readonly newConnectionsPerS: number;
  /** At the end of the step. */
  readonly connections: number;
  /** To the clients, in Mbps. */
  readonly outMbps: number;
};

/** Returns the limits of a load balancer; null = no document gives them, or beyond them it serves as well. */
export function balancerLimits(
  { spec, bandwidthMbps }: Pick<ScenarioBalancer, 'spec' | 'bandwidthMbps'>,
  assumptions: CapacityAssumptions,
): BalancerLimits | null {
  const isShared = spec === '';
  const own = isShared ? clbSharedLimits : clbSpecLimits[spec];
  const isOpen = isShared && assumptions['clb.sharedBeyond'] === 'served';
  if (own === undefined || isOpen) {
    if (bandwidthMbps === null) return null;
    return {
      connections: Infinity,
      newConnectionsPerS: Infinity,
      requestsPerS: Infinity,
      bandwidthMbps,
    };
  }
  return { ...own, bandwidthMbps: Math.min(own.bandwidthMbps, bandwidthMbps ?? Infinity) };
}

/**
 * A load balancer, step by step: it drops what is beyond the limits of its specification. Open connections follow from
 * the new ones and their mean life, which is taken to be exponential.
 */
export class LoadBalancerLimiter {
  readonly limits: BalancerLimits | null;
  readonly #clients: ScenarioClients;
  #connections = 0;

  constructor(balancer: ScenarioBalancer, clients: ScenarioClients, assumptions: CapacityAssumptions) {
    this.limits = balancerLimits(balancer, assumptions);
    this.#clients = clients;
  }

  /** @param rps requests per second */
  step(rps: number, dtS: number): BalancerStep {
    const { requestsPerConnection, connectionS, responseKb } = this.#clients;
    const perRequestMb = (responseKb * 8) / 1024;
    let [share, cause]: [number, keyof BalancerStep['refused']] = [1, 'balancerRequests'];
    const tighten = (most: number, of: keyof BalancerStep['refused']) => {
      if (most < share) [share, cause] = [Math.max(0, most), of];
    };
    const { limits } = this;
    const opened = rps / requestsPerConnection;
    const kept = connectionS > 0 ? Math.exp(-dtS / connectionS) : 0;
    if (limits !== null && rps > 0) {
      tighten(limits.requestsPerS / rps, 'balancerRequests');
      tighten(limits.newConnectionsPerS / opened, 'balancerConnections');
      if (connectionS > 0) {
        const room = (limits.connections - this.#connections * kept) / (1 - kept);
        tighten(room / (opened * connectionS), 'balancerConnections');
      }
      if (perRequestMb > 0) tighten(limits.bandwidthMbps / (rps * perRequestMb), 'balancerBandwidth');
    }
    const refused = { balancerRequests: 0, balancerConnections: 0, balancerBandwidth: 0 };
    if (share < 1) refused[cause] = rps * (1 - share) * dtS;
    const newConnectionsPerS = opened * share;
    this.#connections = this.#connections * kept + newConnectionsPerS * connectionS * (1 - kept);
    return {
      accepted: rps * share,
      refused,
      newConnectionsPerS,
      connections: this.#connections,
      outMbps: rps * share * perRequestMb,
    };
  }
}
