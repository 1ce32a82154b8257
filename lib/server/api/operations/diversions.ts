import 'server-only';
import { z } from 'zod';
import { DiversionId } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import {
  discardDiversion,
  duplicateDiversion,
  restoreDiversion,
  saveDraft,
} from '@/lib/server/diversions/change-diversions';
import { checkDraft } from '@/lib/server/diversions/check-draft';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion, getDiversionDraft } from '@/lib/server/diversions/get-diversion';
import { getDiversionSchema } from '@/lib/server/diversions/get-diversion-schema';
import { getPostMortem } from '@/lib/server/diversions/get-post-mortem';
import { listAllDiversions } from '@/lib/server/diversions/list-diversions';
import { setRecurrence, stopRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { exampleSplit } from './example-diversion';
import type { Operation } from './operation';

/** The fields of a diversion that programs rely on. */
const DiversionFields = z.looseObject({
  id: DiversionId,
  kind: z.enum(['access', 'split', 'switch']),
  name: z.string(),
  domains: z.array(z.string()),
  owner: z.string(),
  state: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
const DiversionRef = z.object({ diversionId: DiversionId });

/** Diversions, their drafts and recurrences. */
export const diversionOperations = [
  {
    name: 'diversion.listAll',
    method: 'GET',
    path: '/diversions',
    summary: 'Lists all diversions, newest first, but for superseded occurrences of a series',
    run: listAllDiversions,
    query: z.object({}),
    list: 'keyset',
    isResult: true,
    answer: z.array(DiversionFields),
  },
  {
    name: 'diversion.saveDraft',
    method: 'POST',
    path: '/diversions',
    summary: 'Stores a draft, complete or not: as a new diversion, or of an existing one',
    run: saveDraft,
    example: { connectionId: 'sandbox-niaga', diversionId: null, draft: toDraft(exampleSplit) },
    answer: DiversionRef,
  },
  {
    name: 'diversion.checkDraft',
    method: 'POST',
    path: '/diversions/check',
    summary: 'Returns a draft with its plan and findings on the newest snapshot, and stores nothing',
    run: checkDraft,
    example: { connectionId: 'sandbox-niaga', draft: toDraft(exampleSplit) },
  },
  {
    name: 'diversion.getSchema',
    method: 'GET',
    path: '/diversions/schema',
    summary: 'Returns the JSON Schema of diversion files',
    run: getDiversionSchema,
  },
  {
    name: 'diversion.get',
    method: 'GET',
    path: '/diversions/{diversionId}',
    summary: 'Returns a diversion with its revisions',
    run: getDiversion,
    answer: DiversionFields,
  },
  {
    name: 'diversion.getDraft',
    method: 'GET',
    path: '/diversions/{diversionId}/draft',
    summary: 'Returns the content with which the editor opens',
    run: getDiversionDraft,
  },
  {
    name: 'diversion.getActivity',
    method: 'GET',
    path: '/diversions/{diversionId}/activity',
    summary: 'Returns the activity log of a diversion',
    run: getActivity,
  },
  {
    name: 'diversion.getPostMortem',
    method: 'GET',
    path: '/diversions/{diversionId}/post-mortem',
    summary: 'Returns the facts of a diversion that was rolled back or left as is',
    run: getPostMortem,
  },
  {
    name: 'diversion.duplicate',
    method: 'POST',
    path: '/diversions/{diversionId}/duplicate',
    summary: 'Copies a diversion into a separate draft',
    run: duplicateDiversion,
    answer: DiversionRef,
  },
  {
    name: 'diversion.discard',
    method: 'POST',
    path: '/diversions/{diversionId}/discard',
    summary: 'Discards a diversion: it gets no more plans and runs',
    run: discardDiversion,
  },
  {
    name: 'diversion.restore',
    method: 'POST',
    path: '/diversions/{diversionId}/restore',
    summary: 'Restores a discarded diversion',
    run: restoreDiversion,
  },
  {
    name: 'recurrence.set',
    method: 'PUT',
    path: '/diversions/{diversionId}/recurrence',
    summary: 'Makes a diversion repeat by a rule, or changes that rule',
    run: setRecurrence,
    example: {
      rule: {
        days: { kind: 'daily' },
        startMinute: 0,
        endMinute: 240,
        endsAfterDays: 0,
        zone: 'Asia/Jakarta',
        from: '2030-12-12',
        until: { kind: 'count', count: 3 },
        aheadDays: 14,
      },
      reason: 'The sale takes three days.',
    },
  },
  {
    name: 'recurrence.stop',
    method: 'POST',
    path: '/diversions/{diversionId}/recurrence/stop',
    summary: 'Stops a recurrence',
    run: stopRecurrence,
    example: { scheduled: 'cancel', reason: 'The sale is over.' },
  },
] as const satisfies readonly Operation[];
