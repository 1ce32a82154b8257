import { ApprovalRule } from '@/lib/policy/approval-rules';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';

/** An approval rule while it is being edited; an empty text = null. */
export type ApprovalRuleDraft = {
  readonly name: string;
  readonly kind: ConnectionKind | null;
  readonly connectionId: string | null;
  readonly region: string;
  readonly domain: string;
  readonly writes: string;
  readonly dnsWrites: string;
  readonly routes: string;
  readonly sharePercent: string;
  readonly warnings: boolean;
  readonly approvals: number;
  readonly selfApproval: boolean;
  readonly breakGlass: boolean;
  readonly hours: string;
  /** The hours before an approval within which the plan must have been rehearsed. */
  readonly rehearsedHours: string;
};

/** The draft of a new rule: one other person approves everything. */
export const newApprovalRule: ApprovalRuleDraft = {
  name: '',
  kind: null,
  connectionId: null,
  region: '',
  domain: '',
  writes: '',
  dnsWrites: '',
  routes: '',
  sharePercent: '',
  warnings: false,
  approvals: 1,
  selfApproval: false,
  breakGlass: true,
  hours: '',
  rehearsedHours: '',
};

const toText = (count: number | null) => (count === null ? '' : String(count));
const toCount = (text: string) => (text.trim() === '' ? null : Number(text));
const orNull = (text: string) => (text.trim() === '' ? null : text);

/** Returns a rule as texts to edit. */
export function toApprovalRuleDraft({
  name,
  match,
  from,
  approvals,
  ...rule
}: ApprovalRule): ApprovalRuleDraft {
  return {
    name,
    kind: match.kind,
    connectionId: match.connectionId,
    region: match.region ?? '',
    domain: match.domain ?? '',
    writes: toText(from.writes),
    dnsWrites: toText(from.dnsWrites),
    routes: toText(from.routes),
    sharePercent: toText(from.sharePercent),
    warnings: from.warnings,
    approvals,
    selfApproval: rule.selfApproval,
    breakGlass: rule.breakGlass,
    hours: toText(rule.expiresAfterH),
    rehearsedHours: toText(rule.rehearsedWithinH),
  };
}

/** Parses a draft with the rules of the server. */
export function toApprovalRule(draft: ApprovalRuleDraft) {
  const { name, kind, connectionId, region, domain, warnings, approvals, selfApproval, breakGlass, hours } =
    draft;
  return ApprovalRule.safeParse({
    name,
    match: { kind, connectionId, region: orNull(region), domain: orNull(domain) },
    from: {
      writes: toCount(draft.writes),
      dnsWrites: toCount(draft.dnsWrites),
      routes: toCount(draft.routes),
      sharePercent: toCount(draft.sharePercent),
      warnings,
    },
    approvals,
    selfApproval,
    breakGlass,
    expiresAfterH: toCount(hours),
    rehearsedWithinH: toCount(draft.rehearsedHours),
  });
}
