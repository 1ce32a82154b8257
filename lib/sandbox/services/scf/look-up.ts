import { ApiError } from '../../api/api-error';
import type { WorldFunction, WorldVersion } from '../../world/scf';
import type { AccountWorld } from '../../world/world';
import type { ActionContext } from '../action';

export const defaultNamespace = 'default';

/** What a request names a function by. */
export type FunctionAddress = { FunctionName: string; Namespace?: string };

type Place = Pick<ActionContext, 'account' | 'region'>;

/** The names of a region's namespaces, `default` first. */
export function namespacesOf({ account, region }: { account: AccountWorld; region: string }): string[] {
  const made = Object.values(account.namespaces).filter((each) => each.region === region);
  return [defaultNamespace, ...made.map((each) => each.name)];
}

/** @throws ApiError ResourceNotFound.Namespace */
export function requireNamespace(place: Place, namespace: string): void {
  if (namespacesOf(place).includes(namespace)) return;
  throw new ApiError(
    'ResourceNotFound.Namespace',
    `The namespace ${namespace} does not exist in ${place.region}.`,
  );
}

/** The functions of a namespace, in no order. */
export function functionsOf({ account, region }: Place, namespace: string): WorldFunction[] {
  return Object.values(account.functions).filter((fn) => fn.region === region && fn.namespace === namespace);
}

/** The key of a function in the world, and its name as an object that was changed. */
export function functionKey(fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>): string {
  return `${fn.region}/${fn.namespace}/${fn.name}`;
}

/** @throws ApiError ResourceNotFound.Namespace, ResourceNotFound.Function */
export function findFunction(place: Place, address: FunctionAddress): WorldFunction {
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
 * A published version.
 * @param code what to refuse with: which one it is depends on the action
 * @throws ApiError
 */
export function findVersion(fn: WorldFunction, version: string, code: string): WorldVersion {
  const found = fn.versions.find((each) => each.version === version);
  if (!found) throw new ApiError(code, `The function ${fn.name} has no version ${version}.`);
  return found;
}

/** Whether the function has such a version (`$LATEST` too) or alias. */
export function hasQualifier(fn: WorldFunction, qualifier: string): boolean {
  return (
    qualifier === '$LATEST' ||
    fn.versions.some((each) => each.version === qualifier) ||
    fn.aliases.some((each) => each.name === qualifier)
  );
}

/** @throws ApiError with the action's code unless the function rests */
export function requireActive(fn: WorldFunction, code = 'FailedOperation.FunctionStatusError'): void {
  if (fn.status === 'Active') return;
  throw new ApiError(code, `The function ${fn.name} is ${fn.status}; the operation needs it Active.`);
}

/** A version is published by itself: `$LATEST` goes on as it was. */
export function versionStatus(version: WorldVersion): 'Publishing' | 'Active' {
  return version.activeAt === undefined ? 'Active' : 'Publishing';
}

/** @throws ApiError with the action's code while the version is being published */
export function requireActiveVersion(fn: WorldFunction, version: WorldVersion, code: string): void {
  if (versionStatus(version) === 'Active') return;
  throw new ApiError(code, `The version ${version.version} of ${fn.name} is not Active yet.`);
}
