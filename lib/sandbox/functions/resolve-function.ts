import { err, ok, type Result } from '@/lib/result';
import type { WorldFunctionTarget } from '../world/clb';
import type { AccountWorld } from '../world/world';
import type { FunctionCode, InvocationFailure } from './invocation';

/**
 * The code that a function target runs. `$DEFAULT` is `$LATEST` until aliases exist; a published version runs whatever
 * state the function is in, and `$LATEST` runs the code it has while an update is under way.
 * Failures carry SCF's status (https://www.tencentcloud.com/document/product/583/35311): 435 no such function, or none
 * that could ever run yet (the status for that is not documented); 442 no such version or alias.
 * `nowMs` settles a creation whose time has come.
 */
export function resolveFunction(
  account: AccountWorld,
  region: string,
  target: Pick<WorldFunctionTarget, 'namespace' | 'name' | 'qualifier'>,
  nowMs: number,
): Result<FunctionCode, InvocationFailure> {
  const { namespace, name, qualifier } = target;
  const found = account.functions[`${region}/${namespace}/${name}`];
  if (found === undefined) {
    return err({ status: 435, message: `Function ${namespace}/${name} does not exist in ${region}` });
  }
  const identity = { region, namespace, name };
  if (qualifier !== '$LATEST' && qualifier !== '$DEFAULT') {
    const version = found.versions.find((candidate) => candidate.version === qualifier);
    return version === undefined
      ? err({
          status: 442,
          message: `Qualifier ${qualifier} of function ${namespace}/${name} does not exist`,
        })
      : ok({ ...identity, ...codeOf(version), version: version.version });
  }
  const creating = found.status === 'Creating' && (found.settlesAt === null || found.settlesAt > nowMs);
  if (creating || found.status === 'CreateFailed') {
    return err({
      status: 435,
      message: `Function ${namespace}/${name} is ${found.status}, it can't be invoked`,
    });
  }
  return ok({ ...identity, ...codeOf(found), version: '$LATEST' });
}

function codeOf(
  source: Omit<FunctionCode, 'region' | 'namespace' | 'name' | 'version'>,
): Omit<FunctionCode, 'region' | 'namespace' | 'name' | 'version'> {
  const { zip, handler, runtime, memoryMb, timeoutS, environment } = source;
  return { zip, handler, runtime, memoryMb, timeoutS, environment };
}
