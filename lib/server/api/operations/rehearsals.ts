import 'server-only';
import { z } from 'zod';
import { cancelRehearsal } from '@/lib/server/rehearsals/cancel-rehearsal';
import { getRehearsal, listRehearsals } from '@/lib/server/rehearsals/get-rehearsal';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import type { Operation } from './operation';

/** The fields of a rehearsal that programs rely on. */
const RehearsalFields = z.looseObject({
  id: z.string(),
  planId: z.string(),
  mode: z.enum(['virtual', 'http']),
  state: z.enum(['queued', 'running', 'done', 'failed', 'canceled']),
  progress: z.number(),
  verdict: z.enum(['met', 'missed']).nullable(),
  seed: z.int(),
  events: z.int(),
  createdAt: z.iso.datetime(),
});

/** Rehearsals of plans. */
export const rehearsalOperations = [
  {
    name: 'rehearsal.start',
    method: 'POST',
    path: '/plans/{planId}/rehearsals',
    summary: 'Rehearses the plan of this hash on a copy of the newest snapshot, with a virtual clock',
    run: startRehearsal,
    example: {
      hash: '0'.repeat(64),
      load: { peakRps: 9000 },
      settings: {
        seed: 7,
        events: 20,
        faults: { kinds: ['apiErrors', 'workerCrash'], count: 3 },
        commands: [{ atS: 300, kind: 'rollback' }],
      },
    },
    answer: z.object({ rehearsalId: z.string() }),
  },
  {
    name: 'rehearsal.list',
    method: 'GET',
    path: '/plans/{planId}/rehearsals',
    summary: 'Lists the rehearsals of a plan, newest first',
    run: listRehearsals,
    toInput: ({ path }) => path.planId,
    answer: z.array(RehearsalFields),
  },
  {
    name: 'rehearsal.get',
    method: 'GET',
    path: '/rehearsals/{rehearsalId}',
    summary: 'Returns a rehearsal with its report',
    run: getRehearsal,
    answer: RehearsalFields,
  },
  {
    name: 'rehearsal.cancel',
    method: 'POST',
    path: '/rehearsals/{rehearsalId}/cancel',
    summary: 'Cancels a rehearsal that has not ended',
    run: cancelRehearsal,
  },
] as const satisfies readonly Operation[];
