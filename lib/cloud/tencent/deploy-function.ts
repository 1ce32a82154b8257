import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { pollPauseMs } from '../backoff';
import { CloudError, type CloudErrorData } from '../errors';
import type { DeployStage, FunctionSpec } from '../port';
import type { Caller } from './caller';
import { findVersion, readFunctionDetail } from './scf/api';
import type { FunctionDetail } from './scf/convert';
import type { Waiting } from './wait-for-task';

/** How long a function may take to become Active. */
const activeBoundMs = 120_000;

const pauses = { firstMs: 100, capMs: 1000 };

/** Where a function cannot get out of by waiting. https://cloud.tencent.com/document/product/583/115197 */
const endStates: readonly string[] = ['CreateFailed', 'UpdateFailed', 'PublishFailed', 'DeleteFailed'];

const extensions = { python: 'py', nodejs: 'js', php: 'php' } as const;

/** The file in which the runtime looks for the handler: `index.main_handler` in Python is `index.py`. */
export function codeFileName(runtime: string, handler: string): string | null {
  const family = Object.entries(extensions).find(([name]) => runtime.toLowerCase().startsWith(name));
  const dot = handler.lastIndexOf('.');
  return family === undefined || dot < 1 ? null : `${handler.slice(0, dot)}.${family[1]}`;
}

function failure(spec: FunctionSpec, data: Pick<CloudErrorData, 'code' | 'message' | 'action'>): CloudError {
  const sent = !data.code.startsWith('Refused.');
  return new CloudError({
    ...data,
    requestId: null,
    region: spec.region,
    mayHaveHappened: sent,
    advice: sent ? 'readBack' : 'giveUp',
  });
}

/** Settings of an existing function are not ours to change: differences are refused, not ignored. */
function checkSame(existing: FunctionDetail, spec: FunctionSpec): void {
  const differences = [
    existing.fn.runtime === spec.runtime ? null : `runtime ${existing.fn.runtime}`,
    existing.fn.type === 'Event' ? null : `type ${existing.fn.type}`,
    existing.fn.memoryMb === spec.memoryMb ? null : `memory ${existing.fn.memoryMb} MB`,
    existing.fn.timeoutS === spec.timeoutS ? null : `timeout ${existing.fn.timeoutS} s`,
  ].filter((difference) => difference !== null);
  if (differences.length === 0) return;
  throw failure(spec, {
    code: 'Refused.FunctionDiffers',
    action: 'UpdateFunctionCode',
    message: `${spec.name} exists with ${differences.join(', ')}; give the same, or another name`,
  });
}

function zipOf(spec: FunctionSpec): string {
  const file = codeFileName(spec.runtime, spec.handler);
  if (file === null) {
    throw failure(spec, {
      code: 'Refused.HandlerUnusable',
      action: 'CreateFunction',
      message: `handler ${spec.handler} with runtime ${spec.runtime} names no source file; give a Python, Node.js or PHP runtime and a handler such as index.main_handler`,
    });
  }
  return Buffer.from(zipSync({ [file]: strToU8(spec.code) })).toString('base64');
}

/** Waits until the function, or a version of it, is Active. */
async function waitActive(caller: Caller, spec: FunctionSpec, version: string, waiting: Waiting) {
  const deadline = waiting.now().getTime() + activeBoundMs;
  for (let look = 1; ; look += 1) {
    const detail = await readFunctionDetail(caller, spec, version);
    const status = detail?.fn.status ?? 'not there yet';
    if (status === 'Active') return;
    if (endStates.includes(status)) {
      throw failure(spec, {
        code: `Function.${status}`,
        action: 'GetFunction',
        message: detail?.reason || `${spec.name} ended in ${status}; the cloud gives no reason`,
      });
    }
    if (waiting.now().getTime() >= deadline) {
      throw failure(spec, {
        code: 'Function.Timeout',
        action: 'GetFunction',
        message: `${spec.name} ${version} is ${status} after ${activeBoundMs / 1000} s`,
      });
    }
    await waiting.sleep(pollPauseMs(look, pauses, waiting.random));
  }
}

const Accepted = z.object({ RequestId: z.string().min(1) });
const Published = z.object({ FunctionVersion: z.string().min(1) });

/**
 * Creates a function of one file, or replaces the code of the one that has this name, and publishes a version.
 * Doing it twice under one deployment id is doing it once: the version carries the id.
 * @throws CloudError `Function.CreateFailed` and the like with the cloud's reason.
 */
export async function deployFunction(
  caller: Caller,
  spec: FunctionSpec,
  deploymentId: string,
  onProgress: (stage: DeployStage) => void,
  waiting: Waiting,
): Promise<{ version: string }> {
  const named = { FunctionName: spec.name, Namespace: spec.namespace };
  const description = `Spillway deployment ${deploymentId}`;
  const zip = zipOf(spec);
  const write = <T>(action: string, params: object, convert: (answer: unknown) => T) =>
    caller.write({ service: 'scf', action, region: spec.region, params: { ...named, ...params } }, convert);

  const existing = await readFunctionDetail(caller, spec);
  if (existing === null) {
    onProgress('creating');
    const params = {
      Code: { ZipFile: zip },
      Handler: spec.handler,
      Runtime: spec.runtime,
      MemorySize: spec.memoryMb,
      Timeout: spec.timeoutS,
      Type: 'Event',
    };
    await write('CreateFunction', params, Accepted.parse);
  } else {
    checkSame(existing, spec);
    const published = await findVersion(caller, spec, description);
    if (published !== undefined) {
      onProgress('publishing');
      await waitActive(caller, spec, published, waiting);
      return { version: published };
    }
    onProgress('updating');
    await waitActive(caller, spec, '$LATEST', waiting);
    await write('UpdateFunctionCode', { Handler: spec.handler, ZipFile: zip }, Accepted.parse);
  }
  onProgress('waiting');
  await waitActive(caller, spec, '$LATEST', waiting);
  onProgress('publishing');
  const { FunctionVersion: version } = await write(
    'PublishVersion',
    { Description: description },
    Published.parse,
  );
  await waitActive(caller, spec, version, waiting);
  return { version };
}
