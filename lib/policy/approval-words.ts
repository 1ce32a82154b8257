import { z } from 'zod';
import { cleanName } from './approval';

/**
 * The person who approves, and the reason. The name is that of a person without sign-in; a signed-in person, or the owner of a token, has
 * theirs already.
 */
export const ApprovalWords = z.object({
  name: z
    .string()
    .transform(cleanName)
    .pipe(z.string().min(1, 'approval.nameMissing').max(80, 'approval.nameTooLong'))
    .nullable()
    .default(null),
  comment: z.string().trim().max(500, 'approval.commentTooLong').default(''),
});
