import { z } from 'zod';
import { cleanName } from './approval';

export const ApprovalWords = z.object({
  name: z
    .string()
    .transform(cleanName)
    .pipe(z.string().min(1, 'approval.nameMissing').max(80, 'approval.nameTooLong')),
  comment: z.string().trim().max(500, 'approval.commentTooLong').default(''),
});
