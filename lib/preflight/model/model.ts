import type { Acknowledgement } from '@/lib/diversion/acknowledgement';
import type { Diversion, DiversionField } from '@/lib/diversion/diversion';
import type { RouteField } from '@/lib/diversion/route';
import type { ListenerId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import type { OriginalTtl, Restore, Step } from '@/lib/plan/model/model';
import type { PlanProblem, ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { Conditions } from './conditions';

/** Unreadable is `unknown`, never `pass`. */
export type FindingStatus = 'pass' | 'warn' | 'block' | 'unknown';

/** Fields that the editor can change on its own. */
export type PatchField =
  | RouteField
  | 'lowerTtlS'
  | 'ramp'
  | `creates.loadBalancers.${number}.${'bandwidthMbps' | 'address'}`
  | `creates.listeners.${number}.certificateId`
  | `routes.${number}.rule.certificateId`;

/**
 * Routes that a fix adds: with the domain, load balancer and function of another route, on another listener or for
 * other paths. A listener that does not exist yet is created with them.
 */
export type RouteAddition = {
  /** The index of the route that they are like. */
  readonly like: number;
  readonly listener:
    | { readonly id: ListenerId }
    | { readonly protocol: 'HTTP' | 'HTTPS'; readonly port: number; readonly certificateId: string | null };
  readonly urls: readonly string[];
};

/** A change to the diversion that would clear the finding; `label` is a message key of `preflight.fix`. */
export type Fix = {
  readonly label: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Set where the editor can apply it at once. */
  readonly patch: { readonly field: PatchField; readonly value: string } | RouteAddition | null;
};

/** The result of one check of one object. Texts are message keys: wording is kept apart from the finding. */
export type Finding = {
  readonly check: CheckId;
  readonly status: FindingStatus;
  readonly field: DiversionField | null;
  /** The objects concerned, by cloud id or name. */
  readonly objects: readonly string[];
  /** Message key below `preflight.why`, with its values. */
  readonly why: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly fix: Fix | null;
  /** Public address of the rule's source. */
  readonly source: string;
  /**
   * True for findings on the side that a Switch leaves and writes nothing to: they block nothing, even if something
   * could not be read. Absent elsewhere.
   */
  readonly isOfOldSide?: true;
  /** The acknowledgement that turns this block into a warning; absent where none does. */
  readonly acknowledgement?: Acknowledgement;
  /** True once the diversion has that acknowledgement. */
  readonly isAcknowledged?: true;
};

export const checkIds = [
  'choices',
  'region',
  'account-type',
  'generation',
  'network',
  'same-region',
  'ip-version',
  'listener-protocol',
  'function-type',
  'one-function',
  'function-ready',
  'function-reserved',
  'warm-version',
  'warm-quota',
  'function-timeout',
  'request-headers',
  'request-size',
  'response-contract',
  'rule-free',
  'rule-shadow',
  'default-domain',
  'redirects',
  'still-served',
  'websocket',
  'tke-owner',
  'operation-protection',
  'dns-owner',
  'tagged-owner',
  'client-certificates',
  'tls-versions',
  'session-stickiness',
  'http2',
  'request-encoding',
  'client-address',
  'custom-config',
  'long-responses',
  'path-rewriting',
  'icp-filing',
  'load-balancer-state',
  'listener-state',
  'certificate',
  'clb-quota',
  'created',
  'domain-match',
  'dns-zone',
  'dns-record',
  'dns-lines',
  'dns-ttl',
  'dns-same-name',
  'dns-answers',
  'protected-edge',
  'switch-dns',
  'cvm-targets',
  'target-health',
  'target-weight',
  'target-network',
  'target-access',
  'reachability',
  'peak-concurrency',
  'peak-load-balancer',
  'peak-bandwidth',
  'permissions',
  'blast',
  'rollback',
  'overlap',
  'safety-rules',
] as const;
/**
 * The ids of the checks. The first is whether the routes' choices were found: later checks skip a route without them.
 * The next nine are the cloud's binding restrictions; the rest are other conditions for the plan to work.
 */
export type CheckId = (typeof checkIds)[number];

export type PreflightInput = {
  readonly estate: Estate;
  readonly diversion: Diversion;
  /** The only objects of the diversion that are restored; absent where the plan applies all of it. */
  readonly restores?: readonly Restore[] | undefined;
  /** The TTLs that earlier runs have lowered and the plan restores. */
  readonly originalTtls?: readonly OriginalTtl[] | undefined;
  /** Without them, the plan is judged as if it were the only one. */
  readonly conditions?: Conditions;
};

/** The input of every check: the diversion resolved and planned, once for all of them. */
export type CheckInput = {
  /** The estate as it will be once the diversion's objects exist, under their placeholders. */
  readonly estate: Estate;
  /** The estate as it was read. */
  readonly before: Estate;
  readonly diversion: Diversion;
  /** The routes whose choices exist; the check `choices` reports those that don't. */
  readonly routes: readonly ResolvedRoute[];
  readonly problems: readonly PlanProblem[];
  readonly conditions: Conditions;
  /** The steps of the plan; none where it can't be made. */
  readonly steps: readonly Step[];
  /** The rollback steps of the plan. */
  readonly rollback: readonly Step[];
  /** The TTLs that earlier runs have lowered and the plan restores; absent = none. */
  readonly originalTtls?: readonly OriginalTtl[];
};

/** One check: pure, returns all its reasons at once. */
export type Check = (input: CheckInput) => readonly Finding[];
