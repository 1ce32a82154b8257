import { z } from 'zod';
import { FreezeSpan } from '@/lib/diversion/freeze';
import { DomainPattern } from '@/lib/domain-pattern';
import { regionCode } from '@/lib/region-code';

/*
 * Safety rules: what a plan may never do, whoever applies it. The kinds and their words are those of AWS Route 53 ARC
 * (https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.safety-rules.html), which has assertion and gating
 * rules; bulk thresholds, protected domains and allowed hours are added.
 */

const domains = z.array(DomainPattern).max(50, 'safetyRule.tooManyPatterns');
const someDomains = domains.min(1, 'safetyRule.noPattern');

/** The connections, regions and domains that a rule applies to. An empty list means all. */
const place = {
  connectionIds: z.array(z.string().min(1).max(100)).max(50).default([]),
  regions: z.array(regionCode()).max(50, 'safetyRule.tooManyRegions').default([]),
};
const MatchAny = z.object({ ...place, domains: domains.default([]) });
const MatchDomains = z.object({ ...place, domains: someDomains });

const name = z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong');
const isEnabled = z.boolean().default(true);

/** The largest count of an assertion: no plan has more routes. */
const countMax = 40;
const count = z.int('safetyRule.count').min(1, 'safetyRule.count').max(countMax, 'safetyRule.count');

/**
 * The number of the counted sides that must serve. ARC's `ATLEAST`, and inverted `atMost`; its `AND` is `all`. `allOrNone`: the
 * domains change together.
 */
export const Requirement = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('atLeast'), count }),
  z.object({ kind: z.literal('atMost'), count }),
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('allOrNone') }),
]);
export type Requirement = z.infer<typeof Requirement>;

/**
 * A number of sides of domains must serve in the resulting state. A side of a domain serves if DNS leads to a load
 * balancer whose rules for it have a healthy target (`cvm`) or a function that exists (`function`).
 */
export const AssertionRule = z.object({
  kind: z.literal('assertion'),
  name,
  isEnabled,
  match: MatchDomains,
  sides: z.enum(['either', 'cvm', 'function']),
  /** Counted for each domain, or over all domains together. */
  over: z.enum(['eachDomain', 'allDomains']),
  requirement: Requirement,
});
export type AssertionRule = z.infer<typeof AssertionRule>;

/** The conditions of gating rules. A `gate` is switched on and off by a person. */
export const gateConditions = ['gate', 'noChangeFreeze', 'notPaused', 'noOtherRun'] as const;

/** Changes are allowed only while a condition holds. */
export const GatingRule = z.object({
  kind: z.literal('gating'),
  name,
  isEnabled,
  match: MatchAny,
  condition: z.enum(gateConditions),
  /** The role that may switch a `gate`; without meaning for the others. */
  switchedBy: z.enum(['operator', 'administrator']).default('administrator'),
});
export type GatingRule = z.infer<typeof GatingRule>;

export const bulkUnits = ['writes', 'domains', 'routesPercent'] as const;

/** A limit to what one plan changes, or all plans within a time. */
export const BulkRule = z
  .object({
    kind: z.literal('bulk'),
    name,
    isEnabled,
    match: MatchAny,
    /** `routesPercent`: of the rules of each load balancer, in %. */
    unit: z.enum(bulkUnits),
    max: z.int('safetyRule.max').min(1, 'safetyRule.max').max(10_000, 'safetyRule.max'),
    /** The time over which all plans count, in minutes; null = each plan on its own. */
    windowMinutes: z
      .int('safetyRule.window')
      .min(1, 'safetyRule.window')
      .max(10_080, 'safetyRule.window')
      .nullable()
      .default(null),
  })
  .refine(({ unit, max }) => unit !== 'routesPercent' || max <= 100, {
    message: 'safetyRule.percent',
    path: ['max'],
  });
export type BulkRule = z.infer<typeof BulkRule>;

/** Nothing is written for these domains, or only by a plan with this many approvals. */
export const ProtectedRule = z.object({
  kind: z.literal('protected'),
  name,
  isEnabled,
  match: MatchDomains,
  /** null = never. */
  approvals: z
    .int('safetyRule.approvals')
    .min(1, 'safetyRule.approvals')
    .max(5, 'safetyRule.approvals')
    .nullable(),
});
export type ProtectedRule = z.infer<typeof ProtectedRule>;

const DailySpan = FreezeSpan.options[1];
export type DailySpan = z.infer<typeof DailySpan>;

/** Every write lies in one of these times of day. */
export const HoursRule = z.object({
  kind: z.literal('hours'),
  name,
  isEnabled,
  match: MatchAny,
  windows: z.array(DailySpan).min(1, 'safetyRule.noHours').max(20, 'safetyRule.tooManyHours'),
});
export type HoursRule = z.infer<typeof HoursRule>;

export const SafetyRule = z.discriminatedUnion('kind', [
  AssertionRule,
  GatingRule,
  BulkRule,
  ProtectedRule,
  HoursRule,
]);
export type SafetyRule = z.infer<typeof SafetyRule>;

export const safetyRuleKinds = ['assertion', 'gating', 'bulk', 'protected', 'hours'] as const;
export type SafetyRuleKind = SafetyRule['kind'];

/** The state of a gate: who switched it last, and why. A new gate is off. */
const GateState = z.object({ isOn: z.boolean(), by: z.string(), reason: z.string(), at: z.iso.datetime() });
export type GateState = Readonly<z.infer<typeof GateState>>;

/** A stored rule. */
export type StoredSafetyRule = {
  readonly id: number;
  readonly rule: SafetyRule;
  /** null = never switched, and for rules without a gate. */
  readonly gate: GateState | null;
  /** True if its content is invalid, as after a manual change: it then refuses every change until someone corrects it. */
  readonly isUnread?: true;
};

/**
 * Reads the content of a stored rule. One that is invalid is not skipped, because it would no longer protect anything; a
 * gate whose state is invalid is off.
 */
export function readStoredRule({
  id,
  name: stored,
  rule,
  gate,
}: {
  readonly id: number;
  readonly name: string;
  readonly rule: unknown;
  readonly gate: unknown;
}): StoredSafetyRule {
  const read = SafetyRule.safeParse(rule);
  if (read.success) return { id, rule: read.data, gate: GateState.safeParse(gate).data ?? null };
  // Its name may be invalid, too.
  const closedName = name.safeParse(stored).data ?? `#${id}`;
  const closed = SafetyRule.parse({ kind: 'gating', name: closedName, match: {}, condition: 'gate' });
  return { id, rule: closed, gate: null, isUnread: true };
}
