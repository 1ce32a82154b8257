import { type ApprovalCount, type BreakGlass, hasAccount, nameKey } from './approval';
import type { ApprovalRequirement } from './approval-rules';

/** An approval as stored. */
export type GivenApproval = {
  readonly id: number;
  /** The id of the account that gave it; without sign-in the user of this machine, and the name is all that is known. */
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

/** A refusal to approve, as stored. */
export type GivenDecline = Pick<GivenApproval, 'id' | 'actor' | 'name' | 'at' | 'hash'>;

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
  /** The declines that stand: their people have not approved the plan since, and may still approve. */
  readonly standing: readonly GivenDecline[];
};

type Basis = {
  readonly hash: string;
  readonly authors: readonly string[];
  readonly requirement: ApprovalRequirement;
  /** The people who may not approve any more. */
  readonly lost: ReadonlySet<string>;
  readonly now: Date;
  /** The declines of the plan, in order. */
  readonly declines?: readonly GivenDecline[];
  /** The newest decision to run it without approvals. */
  readonly breakGlass?: BreakGlass | undefined;
};

/** Returns the key by which two decisions are of the same person. */
const personKey = ({ actor, name }: Pick<GivenApproval, 'actor' | 'name'>) =>
  hasAccount(actor) ? actor : `name ${nameKey(name)}`;

/** Decides which approvals of a plan count now, and whether they are enough. */
export function judgeApprovals(approvals: readonly GivenApproval[], basis: Basis): ApprovalDecision {
  const counted = new Set<string>();
  const judged = approvals.map((approval): JudgedApproval => {
    const expiresAt = findExpiry(approval, basis.requirement);
    const person = personKey(approval);
    const own = findWhyNot(approval, expiresAt, basis);
    const why = own ?? (counted.has(person) ? 'twice' : null);
    if (why === null) counted.add(person);
    return { id: approval.id, why, expiresAt };
  });
  const { requirement, hash, lost, declines = [], breakGlass } = basis;
  const lastYes = new Map(
    approvals.flatMap((each, nth) => (judged[nth]?.why === null ? [[personKey(each), each.at]] : [])),
  );
  const lastNo = new Map(
    declines
      .filter((each) => each.hash === hash && !lost.has(each.actor))
      .map((each) => [personKey(each), each]),
  );
  const standing = [...lastNo].flatMap(([person, decline]) => {
    const yes = lastYes.get(person);
    return yes !== undefined && Date.parse(yes) >= Date.parse(decline.at) ? [] : [decline];
  });
  const count: ApprovalCount = {
    given: counted.size,
    needed: requirement.needed,
    ...(standing.length > 0 && { declined: standing.length }),
    ...(breakGlass && { breakGlass }),
  };
  return { count, judged, standing };
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
