import { err, ok, type Result } from '@/lib/result';
import type { InvocationFailure, InvokedAddress } from '../world/invoker';
import type { WorldFunction } from '../world/scf';
import type { AccountWorld } from '../world/world';
import type { FunctionCode } from './runtimes/invocation';

/** The function, and the code that runs. */
export type ResolvedFunction = { readonly fn: WorldFunction; readonly code: FunctionCode };

/**
 * Returns the code that a call runs. A published version runs in any state of the function, and `$LATEST` runs its
 * current code while an update is in progress. Failures carry SCF's status
 * (https://www.tencentcloud.com/document/product/583/35311): 435 no such function, or none that has ever been able to
 * run (the status for that is not documented); 442 no such version or alias.
 * @param nowMs completes a creation that is due
 * @param draw in [0, 1): which version an alias with two selects
 */
export function resolveFunction(
  { account, region, namespace, name, qualifier }: InvokedAddress,
  nowMs: number,
  draw: number,
): Result<ResolvedFunction, InvocationFailure> {
  const fn = account.functions[`${region}/${namespace}/${name}`];
  if (fn === undefined) {
    return err({ status: 435, message: `Function ${namespace}/${name} does not exist in ${region}` });
  }
  const chosen = resolveQualifier(fn, qualifier, draw);
  const version = fn.versions.find((each) => each.version === chosen);
  if (version !== undefined) {
    return ok({ fn, code: versionCode(account, fn, version) });
  }
  if (chosen === null) {
    return err({
      status: 442,
      message: `Qualifier ${qualifier} of function ${namespace}/${name} does not exist`,
    });
  }
  const creating = fn.status === 'Creating' && (fn.settlesAt === null || fn.settlesAt > nowMs);
  if (creating || fn.status === 'CreateFailed') {
    return err({
      status: 435,
      message: `Function ${namespace}/${name} is ${fn.status}, it can't be invoked`,
    });
  }
  return ok({ fn, code: versionCode(account, fn, { ...fn, version: '$LATEST' }) });
}

type Code = Pick<
  FunctionCode,
  'version' | 'zip' | 'handler' | 'runtime' | 'memoryMb' | 'timeoutS' | 'environment'
>;

/** Returns the code of a function as one of its versions. */
export function versionCode({ uin, appId }: AccountWorld, fn: WorldFunction, code: Code): FunctionCode {
  const { region, namespace, name, initTimeoutS } = fn;
  const { version, zip, handler, runtime, memoryMb, timeoutS, environment } = code;
  return {
    uin,
    appId,
    region,
    namespace,
    name,
    version,
    zip,
    handler,
    runtime,
    memoryMb,
    timeoutS,
    initTimeoutS,
    environment,
  };
}

/**
 * Returns the version that a call of a function runs: `$LATEST` or a published number; null when the function has no
 * such version or alias. An alias may send a share of its calls to one more version
 * (https://www.tencentcloud.com/document/product/583/36149).
 * @param draw from 0 up to but excluding 1: random for each call, so that the shares are correct
 */
export function resolveQualifier(
  fn: Pick<WorldFunction, 'versions' | 'aliases'>,
  qualifier: string,
  draw: number,
): string | null {
  const alias = fn.aliases.find((each) => each.name === qualifier);
  const version = alias ? drawVersion(alias, draw) : qualifier;
  const isThere = version === '$LATEST' || fn.versions.some((each) => each.version === version);
  return isThere ? version : null;
}

function drawVersion({ version, extra }: WorldFunction['aliases'][number], draw: number): string {
  return extra !== null && draw < extra.weight ? extra.version : version;
}
