import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { writePlanFile } from '@/lib/plan/export/plan-file';
import { ok, type Result } from '@/lib/result';
import { getPlan } from './get-plan';
import { refuse } from './refusal';

export type PlanExport = { readonly text: string; readonly type: string; readonly fileName: string };

/** A stored plan as a file to take along. It holds no key. */
export async function exportPlan(planId: string, form: string): Promise<Result<PlanExport, ActionError>> {
  const view = await getPlan(planId);
  if (view === null) return refuse('plan.gone', { plan: planId });
  const { id, plan, hash } = view;
  switch (form) {
    case 'json':
      return ok({ text: writePlanFile(plan, hash), type: 'application/json', fileName: `${id}.json` });
    default:
      return refuse('plan.noForm', { form: form.slice(0, 40) });
  }
}
