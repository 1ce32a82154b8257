import { draftQuestionMax } from '@/lib/input/import-limits';
import { readForCreating } from '@/lib/server/diversions/check-draft';
import { draftRoute } from '@/lib/server/route';

export const POST = draftRoute(draftQuestionMax, readForCreating);
