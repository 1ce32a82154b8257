'use server';

import { createTranslator } from 'next-intl';
import { z } from 'zod';
import type { RestoreDriftAction } from '@/lib/contract/drift';
import { refName } from '@/lib/estate/ref-name';
import drift from '@/lib/messages/en/drift.json';
import { ok } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { findDiversionId } from '@/lib/server/diversions/get-diversion';
import { verb } from '@/lib/server/verb';
import { cut } from '@/lib/shorten';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { findDrift } from '@/lib/store/drift/find-drift';
import { listDrifted } from '@/lib/store/drift/list-drifted';
import { makePlan, storePlan } from '@/lib/store/plans/make-plan';
import { refuse } from '@/lib/store/refusal';

const RestoreInput = z.object({
  connectionId: z.string().min(1),
  keys: z.array(z.string().min(1)).min(1),
});

const nameMax = 80;
const translate = createTranslator({ locale: 'en', messages: { drift }, namespace: 'drift' });

/** Returns the name of a plan that restores the state left by the plan of this name. */
function restoreName(name: string): string {
  const prefix = translate('planName', { name: '' });
  const own = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return cut(translate('planName', { name: own }).trim(), nameMax);
}

/**
 * Creates and stores a plan, with its preflight, that restores drifted objects to their expected state; it is reviewed,
 * approved and applied like any other. All the objects must come from one plan, whose diversion the new plan takes.
 */
export const restoreDrift = verb(
  'drift.restore',
  RestoreInput,
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, keys }, actor): ReturnType<RestoreDriftAction> => {
    if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
    const { database } = await serverContext();
    const found = await findDrift(database.db, connectionId);
    const wanted = listDrifted(found?.watched ?? []).filter(({ key }) => keys.includes(key));
    const [first] = wanted;
    if (first === undefined || wanted.length < new Set(keys).size) return refuse('drift.gone');
    if (wanted.some(({ by }) => by.planId !== first.by.planId)) return refuse('drift.severalPlans');
    const open = wanted.find(({ openRun }) => openRun !== null);
    if (open?.openRun != null)
      return refuse('run.overlap', { run: open.openRun, object: refName(open.object) });
    const { diversion } = first;
    const made = await makePlan(
      connectionId,
      { ...diversion, name: restoreName(diversion.name) },
      wanted.map(({ object, expected }) => ({ object, state: expected })),
    );
    if (!made.ok) return made;
    const permitted = await checkPlanAccess(actor, 'drift.restore', made.value.plan);
    if (!permitted.ok) return permitted;
    const diversionId = await findDiversionId(database.db, first.by.planId);
    return ok({ planId: await storePlan({ ...made.value, diversionId, isDerived: true }, actor) });
  },
);
