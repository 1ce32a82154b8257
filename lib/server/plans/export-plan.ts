import 'server-only';
import { z } from 'zod';
import type { ActionError, PlanView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { writePlanFile } from '@/lib/plan/export/plan-file';
import { tccliScript } from '@/lib/plan/export/tccli/tccli-script';
import { terraformFile } from '@/lib/plan/export/terraform/terraform-file';
import { PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { serverContext } from '@/lib/server/context';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { refuse } from '@/lib/server/refusal';
import { query } from '@/lib/server/verb';
import { describeStep } from './describe-step';
import { readPlan } from './get-plan';

export type PlanExport = { readonly text: string; readonly type: string; readonly fileName: string };

const shellType = 'text/x-shellscript; charset=utf-8';
const hclType = 'text/plain; charset=utf-8';

function script({ id, hash, plan, connection }: PlanView, way: 'steps' | 'revert'): string {
  const which = way === 'steps' ? 'the apply steps' : 'the rollback steps';
  const title = `${plan.diversion.name}: plan ${id} for ${connection.name}, ${which}`;
  const head = { title, hash, takenAt: plan.estateTakenAt, accountUin: connection.uin };
  return tccliScript({ head, plan, way, words: describeStep });
}

async function configuration(db: Database, { id, hash, plan, connection }: PlanView): Promise<string> {
  const title = `${plan.diversion.name}: plan ${id} for ${connection.name}`;
  const estate = await newestEstate(db, connection.id);
  return terraformFile({ head: { title, hash }, plan, estate, words: describeStep });
}

/** Exports a stored plan as a file. It contains no cloud keys. */
export const exportPlan = query(
  'plan.export',
  z.object({ planId: PlanId, form: z.string() }),
  ({ planId }) => ({ plan: planId }),
  async ({ planId, form }): Promise<Result<PlanExport, ActionError>> => {
    const { db } = (await serverContext()).database;
    const view = await readPlan(db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    const { id } = view;
    // Both use the key of the same account.
    if (form !== 'json' && view.plan.diversion.connections.length > 0) return refuse('plan.severalAccounts');
    switch (form) {
      case 'json':
        return ok({
          text: writePlanFile(view.plan, view.hash),
          type: 'application/json',
          fileName: `${id}.json`,
        });
      case 'tccli':
        return ok({ text: script(view, 'steps'), type: shellType, fileName: `${id}.sh` });
      case 'tccli-back':
        return ok({ text: script(view, 'revert'), type: shellType, fileName: `${id}-back.sh` });
      case 'terraform':
        return ok({ text: await configuration(db, view), type: hclType, fileName: `${id}.tf` });
      default:
        return refuse('plan.noForm', { form: form.slice(0, 40) });
    }
  },
);
