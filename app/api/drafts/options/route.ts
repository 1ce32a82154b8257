import { draftQuestionMax } from '@/lib/input/import-limits';
import { listDraftOptions } from '@/lib/server/diversions/check-draft';
import { draftRoute } from '@/lib/server/route';

export const POST = draftRoute(draftQuestionMax, listDraftOptions);
