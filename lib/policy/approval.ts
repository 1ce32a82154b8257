import { z } from 'zod';

/** An approval of one plan: somebody's word, with a name that was typed. Another plan, or a changed one, has none of it. */

/** A name as it is shown: without needless space, in one spelling of its characters. */
export function cleanName(typed: string): string {
  return typed.normalize('NFKC').trim().replace(/\s+/g, ' ');
}

/** By what two names are the same person: case and spacing tell nobody apart. */
export function nameKey(name: string): string {
  return cleanName(name).toLowerCase();
}

export const ApprovalWords = z.object({
  name: z
    .string()
    .transform(cleanName)
    .pipe(z.string().min(1, 'approval.nameMissing').max(80, 'approval.nameTooLong')),
  comment: z.string().trim().max(500, 'approval.commentTooLong').default(''),
});

/** How many approvals a plan has, and how many it needs. */
export type ApprovalCount = { readonly given: number; readonly needed: number };

export function isUnapproved({ given, needed }: ApprovalCount): boolean {
  return given < needed;
}
