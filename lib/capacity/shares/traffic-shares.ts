import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioClients, ScenarioTraffic } from '@/lib/capacity/scenario/scenario';

/** The function's share of the requests during a step, as means of the step. */
export type SharesStep = {
  /** As configured: the share of the newest answers, or of the rule. */
  readonly intended: number;
  /** By the answers that resolvers and clients have. */
  readonly resolved: number;
  /** By the connections that requests come over: what each side really gets. */
  readonly actual: number;
  /** The part of the step without a backend, in which all requests of `gapShare` fail. */
  readonly gapS: number;
  readonly gapShare: number;
  /** The part of `actual` that moved at once, rather than gradually. */
  readonly jump: number;
};

/** The lives of a connection for which changes before the first step are followed: e⁻³⁰ of them are left then. */
const livesFollowed = 30;
const stepsPerLife = 20;

/** Returns ∫ of clamp(x ÷ span, 0, 1) from −∞ to x. */
function movedIntegral(x: number, span: number): number {
  if (x <= 0) return 0;
  if (span <= 0 || x >= span) return x - span / 2;
  return (x * x) / (2 * span);
}

/**
 * Moves requests from one side to the other as answers expire. Resolvers cached their answers at times that are spread
 * evenly over the TTL, so after a change the old answers end linearly over one TTL; those of a stated share take a
 * multiple of it. Requests then follow as connections end, whose lives are exponential around their mean. A change of a
 * rule moves all requests at once, after a gap.
 */
export class TrafficShares {
  readonly #traffic: ScenarioTraffic;
  readonly #connectionS: number;
  readonly #assumptions: CapacityAssumptions;
  #atS: number;
  #actual: number;

  /** @param startS the time of the first step, in seconds of the scenario */
  constructor(
    traffic: ScenarioTraffic,
    clients: Pick<ScenarioClients, 'connectionS'>,
    assumptions: CapacityAssumptions,
    startS = 0,
  ) {
    this.#traffic = traffic;
    this.#connectionS = clients.connectionS;
    this.#assumptions = assumptions;
    this.#atS = startS;
    this.#actual = traffic.functionShare;
    this.#followEarlier(startS);
  }

  /** Follows the changes before the first step: their answers and connections may not have ended yet. */
  #followEarlier(startS: number): void {
    const life = this.#connectionS;
    const [first] = this.#traffic.changes;
    if (life <= 0 || first === undefined || first.atS >= startS) return;
    // What was earlier than that has no influence any more.
    const fromS = Math.max(first.atS, startS - livesFollowed * life);
    const steps = Math.ceil((startS - fromS) / (life / stepsPerLife));
    this.#atS = fromS;
    for (let step = 0; step < steps; step += 1) this.step((startS - fromS) / steps);
    this.#atS = startS;
  }

  step(dtS: number): SharesStep {
    const [fromS, toS] = [this.#atS, this.#atS + dtS];
    this.#atS = toS;
    const intended = this.#mean(fromS, toS, 0);
    if (this.#traffic.how === 'rule') return this.#ruleStep(fromS, toS, intended);
    const { ttlS } = this.#traffic;
    const over = this.#assumptions['dns.overstayShare'];
    const late = ttlS * this.#assumptions['dns.overstayFactor'];
    const resolved =
      (1 - over) * this.#mean(fromS, toS, ttlS) + (over > 0 ? over * this.#mean(fromS, toS, late) : 0);
    const life = this.#connectionS;
    const before = this.#actual;
    const kept = life > 0 ? Math.exp(-dtS / life) : 0;
    this.#actual = resolved + (before - resolved) * kept;
    const actual = life > 0 ? resolved + ((before - resolved) * (1 - kept) * life) / dtS : resolved;
    return { intended, resolved, actual: Math.min(1, Math.max(0, actual)), gapS: 0, gapShare: 0, jump: 0 };
  }

  #ruleStep(fromS: number, toS: number, intended: number): SharesStep {
    const gap = this.#assumptions['rule.gapS'];
    let [before, gapS, gapShare, jump] = [this.#traffic.functionShare, 0, 0, 0];
    for (const { atS, functionShare } of this.#traffic.changes) {
      const moved = functionShare - before;
      before = functionShare;
      const inStep = Math.min(toS, atS + gap) - Math.max(fromS, atS);
      if (inStep > 0) {
        gapS += inStep;
        gapShare = Math.max(gapShare, Math.abs(moved));
      }
      if (atS >= fromS && atS < toS) jump += Math.max(0, moved);
    }
    return { intended, resolved: intended, actual: intended, gapS, gapShare, jump };
  }

  /** Returns the mean share over a step, if each change takes effect linearly over `spanS`. */
  #mean(fromS: number, toS: number, spanS: number): number {
    let [share, before] = [this.#traffic.functionShare, this.#traffic.functionShare];
    for (const { atS, functionShare } of this.#traffic.changes) {
      if (atS >= toS) break;
      const moved = movedIntegral(toS - atS, spanS) - movedIntegral(fromS - atS, spanS);
      share += ((functionShare - before) * moved) / (toS - fromS);
      before = functionShare;
    }
    return Math.min(1, Math.max(0, share));
  }
}
