import type { Answer } from '@/lib/contract/answer';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';
import { sendJson } from './send-json';

/** Imports a plan from an exported file. Field errors are paths in the file. */
export function importPlanFile(file: File): Answer<{ planId: PlanId }> {
  return sendJson('POST', routes.api.planImport(), file);
}

/** Imports sandbox data from an exported file, replacing everything that the sandbox holds. */
export function importSandboxFile(file: File): Answer<null> {
  return sendJson('PUT', routes.api.sandboxData(), file);
}
