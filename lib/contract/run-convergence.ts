import type { VantagePoint } from '@/lib/policy/vantage-point';
import type {
  AnswerVerdict,
  ConvergencePoint,
  ConvergenceTimes,
  VantagePointKind,
} from '@/lib/run/model/convergence';
import type { Answer } from './answer';

/** The newest answer of a vantage point for a name. */
export type AnswerView = {
  readonly name: string;
  readonly verdict: AnswerVerdict;
  readonly values: readonly string[] | null;
  readonly ttlS: number | null;
  readonly failure: string | null;
  /** An ISO instant. */
  readonly at: string;
  /** True if it is too old to be counted. */
  readonly isOld: boolean;
};

/** A vantage point with its newest answers. */
export type VantageView = {
  readonly kind: VantagePointKind;
  readonly name: string;
  readonly address: string | null;
  readonly at: string;
  readonly isOld: boolean;
  readonly answers: readonly AnswerView[];
};

/** `run.getConvergence`: the answers of all vantage points about a run. */
export type RunConvergenceView = {
  readonly now: string;
  /**
   * `off`: by the setting; `none`: the plan changes no DNS; `waiting`: it has changed none yet; `on`: vantage points are
   * asked now; `over`: the TTL of the old answers has passed.
   */
  readonly state: 'off' | 'none' | 'waiting' | 'on' | 'over';
  /** The share of the answers that are current now, in %; null = none is up to date. */
  readonly share: number | null;
  /** The names that the run has moved, with what DNS serves for them now. */
  readonly names: readonly {
    readonly name: string;
    readonly served: readonly string[];
    readonly ttlS: number;
  }[];
  /** The number of names that are asked for: the first ones. */
  readonly asked: number;
  readonly vantages: readonly VantageView[];
  /** At most some hundred, oldest first. */
  readonly points: readonly ConvergencePoint[];
  readonly reached: readonly ConvergenceTimes[];
};

/** A stored vantage point. */
export type VantagePointView = VantagePoint & {
  readonly id: number;
  readonly createdBy: string;
  /** An ISO instant. */
  readonly createdAt: string;
};

export type AddVantagePointAction = (input: VantagePoint) => Answer<{ id: number }>;
export type RemoveVantagePointAction = (input: { id: number }) => Answer<null>;
