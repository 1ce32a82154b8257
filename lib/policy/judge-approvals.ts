import { type ApprovalCount, hasAccount, nameKey } from './approval';
import type { ApprovalRequirement } from './approval-rules';

/** An approval as stored. */
export type GivenApproval = {
  readonly id: number;
  /** The account that gave it; without sign-in the user of this machine, and the name is all that is known. */
  readonly actor: string;
  readonly name: string;
  /** ISO instant. */
  readonly at: string;
  readonly withdrawnAt: string | null;
  /** The hash of the plan that was reviewed. */
  readonly hash: string;
};

/**
 * The reasons why an approval doesn't count: it was withdrawn; it is for another plan; its person may not approve any
 * more; its person is an author of the plan; its name was typed without sign-in, for the plan of someone who had signed
 * in; it has expired; its person has approved the plan already.
 */
export type NotCounted =
  | 'withdrawn'
  | 'otherPlan'
  | 'lostRight'
  | 'author'
  | 'typedName'
  | 'expired'
  | 'twice';

export type JudgedApproval = {
  readonly id: number;
  /** null = it counts. */
  readonly why: NotCounted | null;
  /** ISO instant from which it doesn't count any more; null = it doesn't expire. */
  readonly expiresAt: string | null;
};

export type ApprovalDecision = {
  readonly count: ApprovalCount;
  /** In the order of the approvals. */
  readonly judged: readonly JudgedApproval[];
};

type Basis = {
  readonly hash: string;
  readonly authors: readonly string[];
  readonly requirement: ApprovalRequirement;
  /** The people who may not approve any more. */
  readonly lost: ReadonlySet<string>;
  readonly now: Date;
};

/** Decides which approvals of a plan count now, and whether they are enough. */
export function judgeApprovals(approvals: readonly GivenApproval[], basis: Basis): ApprovalDecision {
  const counted = new Set<string>();
  const judged = approvals.map((approval): JudgedApproval => {
    const expiresAt = findExpiry(approval, basis.requirement);
    const person = hasAccount(approval.actor) ? approval.actor : `name ${nameKey(approval.name)}`;
    const own = findWhyNot(approval, expiresAt, basis);
    const why = own ?? (counted.has(person) ? 'twice' : null);
    if (why === null) counted.add(person);
    return { id: approval.id, why, expiresAt };
  });
  return { count: { given: counted.size, needed: basis.requirement.needed }, judged };
}

function findExpiry({ at }: GivenApproval, { expiresAfterH }: ApprovalRequirement): string | null {
  return expiresAfterH === null ? null : new Date(Date.parse(at) + expiresAfterH * 3_600_000).toISOString();
}

function findWhyNot(
  { actor, hash, withdrawnAt }: GivenApproval,
  expiresAt: string | null,
  { requirement, authors, lost, now, ...plan }: Basis,
): NotCounted | null {
  if (withdrawnAt !== null) return 'withdrawn';
  if (hash !== plan.hash) return 'otherPlan';
  if (lost.has(actor)) return 'lostRight';
  if (!requirement.selfApproval && hasAccount(actor) && authors.includes(actor)) return 'author';
  // Anyone could have typed it, the author, too.
  if (!requirement.selfApproval && !hasAccount(actor) && authors.some(hasAccount)) return 'typedName';
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) return 'expired';
  return null;
}
