import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import type { DeployStage, FunctionSpec } from '../port';
import type { Caller } from './call/caller';
import type { Waiting } from './clb/wait-for-task';
import { checkAliasFree, leadAlias } from './deploy-alias';
import { deployFailure } from './deploy-failure';
import { findVersion, listTriggers, readFunctionDetail } from './scf/api';
import type { FunctionDetail } from './scf/convert';
import { settleWrite } from './settle-write';
import { waitActive } from './wait-active';

const extensions = { python: 'py', nodejs: 'js', php: 'php' } as const;

/** Returns the file in which the runtime looks for the handler: `index.main_handler` in Python is `index.py`. */
export function codeFileName(runtime: string, handler: string): string | null {
  const family = Object.entries(extensions).find(([name]) => runtime.toLowerCase().startsWith(name));
  const dot = handler.lastIndexOf('.');
  return family === undefined || dot < 1 ? null : `${handler.slice(0, dot)}.${family[1]}`;
}

/**
 * Returns the zip for the cloud, in base64.
 * @throws CloudError `Refused.HandlerUnusable` when no file is named.
 */
function buildZip(spec: FunctionSpec): string {
  const file = codeFileName(spec.runtime, spec.handler);
  if (file === null) {
    throw deployFailure(spec, {
      code: 'Refused.HandlerUnusable',
      action: 'CreateFunction',
      message: `handler ${spec.handler} with runtime ${spec.runtime} names no source file; give a Python, Node.js or PHP runtime and a handler such as index.main_handler`,
    });
  }
  return Buffer.from(zipSync({ [file]: strToU8(spec.code) })).toString('base64');
}

/** Rejects differences in the settings of an existing function instead of ignoring them: we must not change them. */
function checkSame(existing: FunctionDetail, spec: FunctionSpec): void {
  const differences = [
    existing.fn.runtime === spec.runtime ? null : `runtime ${existing.fn.runtime}`,
    existing.fn.type === 'Event' ? null : `type ${existing.fn.type}`,
    existing.fn.memoryMb === spec.memoryMb ? null : `memory ${existing.fn.memoryMb} MB`,
    existing.fn.timeoutS === spec.timeoutS ? null : `timeout ${existing.fn.timeoutS} s`,
  ].filter((difference) => difference !== null);
  if (differences.length === 0) return;
  throw deployFailure(spec, {
    code: 'Refused.FunctionDiffers',
    action: 'UpdateFunctionCode',
    message: `${spec.name} exists with ${differences.join(', ')}; give the same, or another name`,
  });
}

/**
 * Rejects a function whose new code would be live at once: anything that points at `$LATEST` serves it, and so may an
 * alias that follows `$LATEST`; only a published version never changes.
 * https://www.tencentcloud.com/document/product/583/15371
 */
async function checkNotLive(caller: Caller, spec: FunctionSpec): Promise<void> {
  const triggers = await listTriggers(caller, spec);
  const live = triggers.filter(({ qualifier }) => qualifier === null || !/^\d+$/.test(qualifier));
  if (live.length === 0) return;
  const ways = live.map(({ kind, qualifier }) => `${kind} to ${qualifier ?? 'an unknown version'}`);
  throw deployFailure(spec, {
    code: 'Refused.FunctionInUse',
    action: 'UpdateFunctionCode',
    message: `${spec.namespace}/${spec.name} serves traffic by its changing code (${[...new Set(ways)].join(', ')}): new code would change the answers at once, without a plan; give another name, or bind a published version there first`,
  });
}

/**
 * Returns the mark by which a deployment recognizes its own function and version. Descriptions may contain letters,
 * digits, spaces, commas and full stops: https://cloud.tencent.com/document/api/583/18586
 */
function deploymentMark(deploymentId: string): string {
  return `Spillway deployment ${deploymentId.replaceAll('-', '.')}`;
}

const Accepted = z.object({ RequestId: z.string().min(1) }).transform(() => true as const);
const Published = z.object({ FunctionVersion: z.string().min(1) }).transform((wire) => wire.FunctionVersion);

/**
 * Creates a single-file function, or replaces the code of the one that has this name, publishes a version, and points
 * an alias at it. The operation is idempotent under one deployment id: function and version carry the id.
 * @throws CloudError `Refused.FunctionInUse` when the new code would be live at once, `Refused.AliasInUse` when the
 * alias would move traffic, `Refused.FunctionDiffers`, `Function.CreateFailed` and the like with the cloud's reason.
 */
export async function deployToCloud(
  caller: Caller,
  spec: FunctionSpec,
  deploymentId: string,
  onProgress: (stage: DeployStage) => void,
  waiting: Waiting,
): Promise<{ version: string }> {
  const mark = deploymentMark(deploymentId);
  const zip = buildZip(spec);
  const write = <T>(
    call: { readonly service: 'scf'; readonly action: string },
    params: object,
    convert: (answer: unknown) => T,
  ) => {
    const named = { FunctionName: spec.name, Namespace: spec.namespace };
    return caller.write({ ...call, region: spec.region, params: { ...named, ...params } }, convert);
  };
  const isOurs = async () => (await readFunctionDetail(caller, spec))?.description === mark;

  const create = () => {
    const params = {
      Code: { ZipFile: zip },
      Handler: spec.handler,
      Runtime: spec.runtime,
      MemorySize: spec.memoryMb,
      Timeout: spec.timeoutS,
      Type: 'Event',
      Description: mark,
    };
    const send = () => write({ service: 'scf', action: 'CreateFunction' }, params, Accepted.parse);
    return settleWrite(send, async () => (await isOurs()) || undefined, waiting);
  };
  const update = () => {
    const send = async () => {
      await waitActive(caller, spec, '$LATEST', waiting);
      await checkNotLive(caller, spec);
      return write(
        { service: 'scf', action: 'UpdateFunctionCode' },
        { Handler: spec.handler, ZipFile: zip },
        Accepted.parse,
      );
    };
    // Nothing shows whether the deployed code is this one; uploading it twice changes nothing.
    return settleWrite(send, async () => undefined, waiting);
  };
  const publish = () => {
    const send = async () => {
      await waitActive(caller, spec, '$LATEST', waiting);
      return write({ service: 'scf', action: 'PublishVersion' }, { Description: mark }, Published.parse);
    };
    return settleWrite(send, () => findVersion(caller, spec, mark), waiting);
  };

  const existing = await readFunctionDetail(caller, spec);
  const alias = spec.alias ?? null;
  if (existing !== null && alias !== null) await checkAliasFree(caller, spec, alias);
  const published = existing === null ? undefined : await findVersion(caller, spec, mark);
  if (published === undefined) {
    if (existing === null) {
      onProgress('creating');
      await create();
    } else if (existing.description !== mark) {
      checkSame(existing, spec);
      onProgress('updating');
      await update();
    }
    onProgress('waiting');
    await waitActive(caller, spec, '$LATEST', waiting);
  }
  onProgress('publishing');
  const version = published ?? (await publish());
  await waitActive(caller, spec, version, waiting);
  if (alias !== null) {
    onProgress('aliasing');
    await leadAlias(caller, spec, { alias, version }, waiting);
  }
  return { version };
}
