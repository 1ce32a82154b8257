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

/** Returns whether an actor is a person with an account, not the user of this machine or Spillway itself. */
export function hasAccount(actor: string): boolean {
  return actor.includes('@');
}

/** The number of approvals a plan has, and the number it needs. */
export type ApprovalCount = { readonly given: number; readonly needed: number };

export function isUnapproved({ given, needed }: ApprovalCount): boolean {
  return given < needed;
}
