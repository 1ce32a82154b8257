import { z } from 'zod';
import { DomainPattern } from '@/lib/domain-pattern';
import { ConnectionId } from '@/lib/estate/ids';
import { matchesDomain } from '@/lib/match-domain';
import { regionCode } from '@/lib/region-code';
import { connectionKinds } from './connection-kinds';

/**
 * The approval rules: an ordered list that says how many people must approve a plan. Each object that a plan touches is
 * decided by the first rule that matches it, as in a firewall; an object that none matches needs no approval. The
 * strictest of the deciding rules applies to the plan, so that adding an object never loosens what it needs.
 */

/** The maximum number of approvals of a rule. */
export const approvalsMax = 5;
/** A page shows them all, and people have to understand their order. */
const rulesMax = 40;
/** 30 days. */
const hoursMax = 720;

const atLeast = (max: number) =>
  z
    .number('approvalRule.from')
    .int('approvalRule.from')
    .min(1, 'approvalRule.from')
    .max(max, 'approvalRule.from')
    .nullable();

export const ApprovalRule = z.object({
  name: z.string().trim().min(1, 'approvalRule.nameMissing').max(80, 'approvalRule.nameTooLong'),
  /** The objects that it decides; null = any. */
  match: z.object({
    kind: z.enum(connectionKinds).nullable(),
    connectionId: ConnectionId.nullable(),
    region: z.string().trim().pipe(regionCode('approvalRule.region')).nullable(),
    domain: DomainPattern.nullable(),
  }),
  /**
   * The plans that it decides: those that reach one of these. All null and false = every plan. A smaller plan is decided by
   * a later rule.
   */
  from: z.object({
    /** Write calls of the apply. */
    writes: atLeast(100_000),
    /** Those of them that change DNS. */
    dnsWrites: atLeast(100_000),
    /** Routes of the diversion. */
    routes: atLeast(1000),
    /** The highest share of a name's traffic that it moves, in %. */
    sharePercent: atLeast(100),
    /** True = a finding of its preflight is no pass: a warning, something unknown, an acknowledged outage. */
    warnings: z.boolean(),
  }),
  /** The number of different people who must approve. */
  approvals: z
    .number('approvals.invalid')
    .int('approvals.invalid')
    .min(0, 'approvals.invalid')
    .max(approvalsMax, 'approvals.invalid'),
  /** True = the approval of an author counts, too. */
  selfApproval: z.boolean(),
  /** True = someone with the right may apply the plan without approvals, and gives the reason. */
  breakGlass: z.boolean().default(true),
  /** The hours for which an approval counts; null = until the plan has run. */
  expiresAfterH: z
    .number('approvalRule.hours')
    .int('approvalRule.hours')
    .min(1, 'approvalRule.hours')
    .max(hoursMax, 'approvalRule.hours')
    .nullable(),
  /**
   * The plan can be approved only after a rehearsal that met its goals and ended at most this many hours before; null =
   * without one, too.
   */
  rehearsedWithinH: z
    .number('approvalRule.hours')
    .int('approvalRule.hours')
    .min(1, 'approvalRule.hours')
    .max(hoursMax, 'approvalRule.hours')
    .nullable()
    .default(null),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/**
 * Reads the stored rules. One that is invalid, as after a manual change, is not skipped, because it would no longer protect
 * anything: in its place, everything needs all approvals, until someone edits or removes it.
 */
export function readStoredApprovalRules(stored: unknown): {
  readonly rules: readonly ApprovalRule[];
  /** The places of the invalid ones among them. */
  readonly unread: readonly number[];
} {
  const all: readonly unknown[] = Array.isArray(stored) ? stored : [stored];
  const read = all.map((rule) => ApprovalRule.safeParse(rule).data ?? null);
  return {
    rules: read.map((rule, index) => rule ?? closedRule(`#${index + 1}`)),
    unread: read.flatMap((rule, index) => (rule === null ? [index] : [])),
  };
}

const closedRule = (name: string): ApprovalRule => ({
  name,
  match: { kind: null, connectionId: null, region: null, domain: null },
  from: { writes: null, dnsWrites: null, routes: null, sharePercent: null, warnings: false },
  approvals: approvalsMax,
  selfApproval: false,
  breakGlass: false,
  expiresAfterH: null,
  rehearsedWithinH: null,
});

export const ApprovalRules = z.array(ApprovalRule).max(rulesMax, 'approvalRule.tooMany');

/** An object that a plan touches, as far as rules match it; null = it has none. */
export type ApprovalTarget = {
  readonly kind: ApprovalRule['match']['kind'];
  readonly connectionId: string;
  readonly region: string | null;
  readonly domain: string | null;
};

/** The facts of a plan that approval rules decide by. Stored with it. */
export type ApprovalFacts = {
  readonly targets: readonly ApprovalTarget[];
  readonly writes: number;
  readonly dnsWrites: number;
  readonly routes: number;
  readonly sharePercent: number;
  readonly warnings: number;
  /** Everyone who wrote what the plan contains, by the ids of their accounts. */
  readonly authors: readonly string[];
};

/** The fields of `ApprovalRule.from`. */
export type ApprovalThreshold = keyof ApprovalRule['from'];

/** A rule that decides, with the thresholds that the plan reaches; empty = it decides every plan. */
export type DecidingRule = { readonly name: string; readonly reached: readonly ApprovalThreshold[] };

/** The approvals that a plan needs. */
export type ApprovalRequirement = {
  readonly needed: number;
  readonly selfApproval: boolean;
  readonly expiresAfterH: number | null;
  /** The hours before an approval in which the plan must have met its goals in a rehearsal; null = none is required. */
  readonly rehearsedWithinH: number | null;
  /** True = the plan may be applied without approvals by someone with the right, who gives the reason. */
  readonly breakGlass: boolean;
  /** The rules that ask for approvals, in order. */
  readonly rules: readonly DecidingRule[];
};

/** The requirement of a plan that needs no approval. */
export const noRequirement: ApprovalRequirement = {
  needed: 0,
  selfApproval: true,
  expiresAfterH: null,
  rehearsedWithinH: null,
  breakGlass: true,
  rules: [],
};

function matches({ match }: ApprovalRule, target: ApprovalTarget): boolean {
  return (
    (match.kind === null || match.kind === target.kind) &&
    (match.connectionId === null || match.connectionId === target.connectionId) &&
    (match.region === null || match.region === target.region) &&
    (match.domain === null || (target.domain !== null && matchesDomain(match.domain, target.domain)))
  );
}

const thresholds = ['writes', 'dnsWrites', 'routes', 'sharePercent', 'warnings'] as const;

const isSet = ({ from }: ApprovalRule, each: ApprovalThreshold) =>
  from[each] !== null && from[each] !== false;

/** Returns the thresholds of a rule that a plan reaches; null = it has some, and the plan reaches none. */
function listReached(rule: ApprovalRule, facts: ApprovalFacts): readonly ApprovalThreshold[] | null {
  const set = thresholds.filter((each) => isSet(rule, each));
  const reached = set.filter((each) => facts[each] >= Number(rule.from[each]));
  return set.length > 0 && reached.length === 0 ? null : reached;
}

/** Returns the approvals that a plan needs, and why. */
export function findRequirement(rules: readonly ApprovalRule[], facts: ApprovalFacts): ApprovalRequirement {
  const applicable = rules.filter((rule) => listReached(rule, facts) !== null);
  const firsts = facts.targets.map((target) => applicable.find((rule) => matches(rule, target)));
  const deciding = applicable.filter((rule) => rule.approvals > 0 && firsts.includes(rule));
  if (deciding.length === 0) return noRequirement;
  const leastHours = (of: (rule: ApprovalRule) => number | null) => {
    // A rule that was stored before it had this field has none.
    const hours = deciding.flatMap((rule) => of(rule) ?? []);
    return hours.length === 0 ? null : Math.min(...hours);
  };
  return {
    needed: Math.max(...deciding.map(({ approvals }) => approvals)),
    selfApproval: deciding.every(({ selfApproval }) => selfApproval),
    breakGlass: deciding.every(({ breakGlass }) => breakGlass),
    expiresAfterH: leastHours(({ expiresAfterH }) => expiresAfterH),
    rehearsedWithinH: leastHours(({ rehearsedWithinH }) => rehearsedWithinH),
    rules: deciding.map((rule) => ({ name: rule.name, reached: listReached(rule, facts) ?? [] })),
  };
}

/**
 * Returns the most approvals that any plan over these objects may need, whatever its size. For what is decided before
 * there is a plan.
 */
export function findMostApprovals(
  rules: readonly ApprovalRule[],
  targets: readonly ApprovalTarget[],
): number {
  const most = targets.map((target) => {
    const matching = rules.filter((rule) => matches(rule, target));
    const last = matching.findIndex((rule) => !thresholds.some((each) => isSet(rule, each)));
    const reachable = last === -1 ? matching : matching.slice(0, last + 1);
    return Math.max(0, ...reachable.map(({ approvals }) => approvals));
  });
  return Math.max(0, ...most);
}
