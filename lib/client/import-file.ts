import type { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { routes } from '@/lib/routes';
import type { Answer } from './actions';
import { noteBuild } from './other-build';
import type { ActionError } from './views';

/**
 * Sends a file's text to a route that imports it.
 * @throws if no response arrived, or none in the route's form: the file may or may not have been imported
 */
async function sendFile<T>(method: 'POST' | 'PUT', path: string, file: File): Answer<T> {
  const response = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: file });
  noteBuild(response);
  const answer: unknown = await response.json();
  if (response.ok) return ok(answer as T);
  if (response.status >= 500) throw new Error(`${path} answered ${response.status}`);
  return err(answer as ActionError);
}

/** Imports a plan from an exported file. Field errors are paths in the file. */
export function importPlanFile(file: File): Answer<{ planId: PlanId }> {
  return sendFile('POST', routes.api.planImport(), file);
}

/** Imports sandbox data from an exported file, replacing everything that the sandbox holds. */
export function importSandboxFile(file: File): Answer<null> {
  return sendFile('PUT', routes.api.sandboxData(), file);
}
