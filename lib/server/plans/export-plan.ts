import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { PlanView } from '@/lib/contract/plan';
import type { Database } from '@/lib/db/database';
import type { HeadFinding } from '@/lib/plan/export/head-finding';
import { writePlanFile } from '@/lib/plan/export/plan-file';
import { tccliScript } from '@/lib/plan/export/tccli/tccli-script';
import { terraformFile } from '@/lib/plan/export/terraform/terraform-file';
import { PlanId } from '@/lib/plan/model/model';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse, refuseBlocked } from '@/lib/store/refusal';
import { listHeadFindings } from './describe-finding';
import { describeStep } from './describe-step';

export type PlanExport = { readonly text: string; readonly type: string; readonly fileName: string };

const shellType = 'text/x-shellscript; charset=utf-8';
const hclType = 'text/plain; charset=utf-8';

/**
 * Checks that a plan may leave as something that applies it: as for Apply, no finding on the newest snapshot blocks it.
 * @returns what the reader of the file must know
 */
async function checkExport({ plan }: PlanView): Promise<Result<readonly HeadFinding[], ActionError>> {
  const { db } = (await serverContext()).database;
  const { connectionId, diversion, restores, originalTtls } = plan;
  const { connections } = diversion;
  const estate = await newestEstate(db, connectionId, connections);
  if (estate === null) return refuse('estate.never', { connection: connectionId });
  const conditions = await readConditions(db, {
    connectionId,
    connections,
    span: null,
    others: { kind: 'bindings' },
    safety: { planId: null, runId: null, t0: null, isStart: false },
  });
  const findings = await preflightInTurns({ estate, diversion, restores, originalTtls, conditions });
  return refuseBlocked(findings) ?? ok(listHeadFindings(findings));
}

function script(
  { id, hash, plan, connection }: PlanView,
  way: 'steps' | 'rollback',
  findings: readonly HeadFinding[],
): Promise<string> {
  const which = way === 'steps' ? 'the apply steps' : 'the rollback steps';
  const title = `${plan.diversion.name}: plan ${id} for ${connection.name}, ${which}`;
  const head = { title, hash, takenAt: plan.estateTakenAt, accountUin: connection.uin, findings };
  return tccliScript({ head, plan, way, words: describeStep });
}

async function configuration(
  db: Database,
  { id, hash, plan, connection }: PlanView,
  findings: readonly HeadFinding[],
): Promise<string> {
  const title = `${plan.diversion.name}: plan ${id} for ${connection.name}`;
  const estate = await newestEstate(db, connection.id);
  return terraformFile({ head: { title, hash, findings }, plan, estate, words: describeStep });
}

/**
 * Exports a stored plan as a file. It contains no cloud keys. What applies the plan is refused while a finding blocks it; its
 * rollback and its JSON never are.
 */
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
      case 'tccli-back':
        return ok({ text: await script(view, 'rollback', []), type: shellType, fileName: `${id}-back.sh` });
      case 'tccli':
      case 'terraform': {
        const checked = await checkExport(view);
        if (!checked.ok) return checked;
        return form === 'tccli'
          ? ok({ text: await script(view, 'steps', checked.value), type: shellType, fileName: `${id}.sh` })
          : ok({
              text: await configuration(db, view, checked.value),
              type: hclType,
              fileName: `${id}.tf`,
            });
      }
      default:
        return refuse('plan.noForm', { form: form.slice(0, 40) });
    }
  },
);
