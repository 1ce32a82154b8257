import { createHash } from 'node:crypto';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldFunction, WorldVersion } from '@/lib/sandbox/world/scf';
import type { AccountWorld } from '@/lib/sandbox/world/world';

export const defaultNamespace = 'default';

/** The fields by which a request names a function. */
export type FunctionQuery = { FunctionName: string; Namespace?: string };

type Place = Pick<ActionContext, 'account' | 'region'>;

/** Returns the names of a region's namespaces, `default` first. */
export function listNamespaceNames({ account, region }: { account: AccountWorld; region: string }): string[] {
  const made = Object.values(account.namespaces).filter((each) => each.region === region);
  return [defaultNamespace, ...made.map((each) => each.name)];
}

/** Checks that a namespace exists. @throws ApiError ResourceNotFound.Namespace */
export function requireNamespace(place: Place, namespace: string): void {
  if (listNamespaceNames(place).includes(namespace)) return;
  throw new ApiError(
    'ResourceNotFound.Namespace',
    `The namespace ${namespace} does not exist in ${place.region}.`,
  );
}

/** Returns the functions of a namespace, in no particular order. */
export function selectFunctions({ account, region }: Place, namespace: string): WorldFunction[] {
  return Object.values(account.functions).filter((fn) => fn.region === region && fn.namespace === namespace);
}

/** Returns the key of a function in the sandbox data, which also names it as a changed object. */
export function functionKey(fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>): string {
  return `${fn.region}/${fn.namespace}/${fn.name}`;
}

/** Returns a function by its address. @throws ApiError ResourceNotFound.Namespace, ResourceNotFound.Function */
export function requireFunction(place: Place, address: FunctionQuery): WorldFunction {
  const { FunctionName: name, Namespace: namespace = defaultNamespace } = address;
  requireNamespace(place, namespace);
  const found = place.account.functions[functionKey({ region: place.region, namespace, name })];
  if (!found) {
    throw new ApiError(
      'ResourceNotFound.Function',
      `The function ${namespace}/${name} does not exist in ${place.region}.`,
    );
  }
  return found;
}

/**
 * Returns a published version.
 * @param code the error code, which depends on the action
 * @throws ApiError
 */
export function resolveVersion(fn: WorldFunction, version: string, code: string): WorldVersion {
  const found = fn.versions.find((each) => each.version === version);
  if (!found) throw new ApiError(code, `The function ${fn.name} has no version ${version}.`);
  return found;
}

/** Returns whether the function has such a version (including `$LATEST`) or alias. */
export function hasQualifier(fn: WorldFunction, qualifier: string): boolean {
  return (
    qualifier === '$LATEST' ||
    fn.versions.some((each) => each.version === qualifier) ||
    fn.aliases.some((each) => each.name === qualifier)
  );
}

/** Requires the function to be Active. @throws ApiError with the action's code otherwise */
export function requireActive(fn: WorldFunction, code = 'FailedOperation.FunctionStatusError'): void {
  if (fn.status === 'Active') return;
  throw new ApiError(code, `The function ${fn.name} is ${fn.status}; the operation needs it Active.`);
}

/** Returns the status of a version, which is published independently: `$LATEST` is unaffected. */
export function versionStatus(version: WorldVersion): 'Publishing' | 'Active' {
  return version.activeAt === undefined ? 'Active' : 'Publishing';
}

/** Requires a version to be Active. @throws ApiError with the action's code while the version is being published */
export function requireActiveVersion(fn: WorldFunction, version: WorldVersion, code: string): void {
  if (versionStatus(version) === 'Active') return;
  throw new ApiError(code, `The version ${version.version} of ${fn.name} is not Active yet.`);
}

/** Returns the `lam-…` id: derived from the function's name, which is unique in its namespace and region. */
export function functionId(fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>): string {
  const digest = createHash('sha256').update(`${fn.region}/${fn.namespace}/${fn.name}`).digest('hex');
  return `lam-${digest.slice(0, 8)}`;
}
