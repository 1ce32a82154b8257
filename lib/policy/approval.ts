/**
 * An approval of one plan: a person's consent, with a typed name. It does not apply to another plan, or a changed one.
 */

/** Returns a name for display: without needless space, in one spelling of its characters. */
export function cleanName(typed: string): string {
  return typed.normalize('NFKC').trim().replace(/\s+/g, ' ');
}

/** Returns the key by which two names are the same person: it ignores case and spacing. */
export function nameKey(name: string): string {
  return cleanName(name).toLowerCase();
}

const accountId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Returns whether an actor is a person with an account, not the user of this machine or Spillway itself.
 * @param actor the id of an account (a UUID), a recorded address, or a name such as `local`
 */
export function hasAccount(actor: string): boolean {
  return accountId.test(actor) || actor.includes('@');
}

/** The decision of a person that a plan runs without the approvals that it needs. It stays with the plan for good. */
export type BreakGlass = {
  readonly actor: string;
  readonly reason: string;
  /** ISO instant. */
  readonly at: string;
  /**
   * True if its person may not decide that any more, or the schedule that it was for was canceled: the plan needs
   * approvals again.
   */
  readonly isVoid: boolean;
};

/** The number of approvals a plan has, and the number it needs. */
export type ApprovalCount = {
  readonly given: number;
  readonly needed: number;
  /** The people who declined it and have not approved it since; absent = none. */
  readonly declined?: number;
  /** Absent = no one has decided that. */
  readonly breakGlass?: BreakGlass;
};

/** Returns whether a plan needs approvals that it doesn't have. One that a person declined needs the approval of that person, too. */
export function isUnapproved({ given, needed, declined = 0, breakGlass }: ApprovalCount): boolean {
  if (breakGlass !== undefined && !breakGlass.isVoid) return false;
  return given < needed || (needed > 0 && declined > 0);
}
