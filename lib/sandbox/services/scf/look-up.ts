import { ApiError } from '../../api/api-error';
import type { WorldFunction, WorldVersion } from '../../world/scf';
import type { ActionContext } from '../action';

export const defaultNamespace = 'default';

/** What a request names a function by. */
export type FunctionAddress = { FunctionName: string; Namespace?: string };

/**
 * The key of a function in the world.
 * A namespace other than `default` is there once it holds a function: the sandbox has no CreateNamespace.
 * @throws ApiError ResourceNotFound.Namespace
 */
export function functionKey({ account, region }: ActionContext, name: string, namespace: string): string {
  const there =
    namespace === defaultNamespace ||
    Object.values(account.functions).some((fn) => fn.region === region && fn.namespace === namespace);
  if (!there) {
    throw new ApiError(
      'ResourceNotFound.Namespace',
      `The namespace ${namespace} does not exist in ${region}.`,
    );
  }
  return `${region}/${namespace}/${name}`;
}

/** @throws ApiError ResourceNotFound.Namespace, ResourceNotFound.Function */
export function findFunction(context: ActionContext, address: FunctionAddress): WorldFunction {
  const { FunctionName: name, Namespace: namespace = defaultNamespace } = address;
  const found = context.account.functions[functionKey(context, name, namespace)];
  if (!found) {
    throw new ApiError(
      'ResourceNotFound.Function',
      `The function ${namespace}/${name} does not exist in ${context.region}.`,
    );
  }
  return found;
}

/**
 * A published version, or null for the code that can still be changed (`$LATEST`, and the built-in alias `$DEFAULT`).
 * @throws ApiError ResourceNotFound.Version
 */
export function findVersion(fn: WorldFunction, qualifier: string): WorldVersion | null {
  if (qualifier === '$LATEST' || qualifier === '$DEFAULT') return null;
  const found = fn.versions.find((version) => version.version === qualifier);
  if (!found) {
    throw new ApiError('ResourceNotFound.Version', `The function ${fn.name} has no version ${qualifier}.`);
  }
  return found;
}

/** @throws ApiError FailedOperation.FunctionStatusError unless the function rests */
export function requireActive(fn: WorldFunction): void {
  if (fn.status === 'Active') return;
  throw new ApiError(
    'FailedOperation.FunctionStatusError',
    `The function ${fn.name} is ${fn.status}; the operation needs it Active.`,
  );
}
