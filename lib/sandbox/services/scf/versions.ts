import type { FunctionVersion } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { pickSettings, type WorldFunction, type WorldVersion } from '../../world/scf';
import { action } from '../action';
import { page } from '../paging';
import { functionKey, requireActive, requireFunction, versionStatus } from './find/find-objects';
import { zipBytes } from './function-code';

/** Maximum of versions of a function: https://www.tencentcloud.com/document/product/583/11637. */
const versionsMax = 1000;

/**
 * Checks the version limit. @throws ApiError LimitExceeded.FunctionVersions when the function can't have another
 * version
 */
export function requireRoomForVersion(fn: WorldFunction): void {
  if (fn.versions.length < versionsMax) return;
  throw new ApiError('LimitExceeded.FunctionVersions', `A function takes at most ${versionsMax} versions.`);
}

/** Copies the function's code and settings into a version that never changes. */
export function addVersion(fn: WorldFunction, description: string, now: number): WorldVersion {
  fn.lastVersion += 1;
  const version: WorldVersion = {
    ...pickSettings(fn),
    version: String(fn.lastVersion),
    description,
    createdAt: now,
  };
  fn.versions.push(version);
  return version;
}

/** https://cloud.tencent.com/document/api/583/37161. */
export const publishVersion = action<'scf.PublishVersion'>((request, context) => {
  const fn = requireFunction(context, request);
  requireActive(fn, 'FailedOperation.PublishVersion');
  requireRoomForVersion(fn);
  const version = addVersion(fn, request.Description ?? '', context.now);
  context.publishLater(version);
  context.applied(`${functionKey(fn)}:${version.version}`);
  return {
    FunctionVersion: version.version,
    Namespace: fn.namespace,
    Description: version.description,
    Handler: version.handler,
    Runtime: version.runtime,
    MemorySize: version.memoryMb,
    Timeout: version.timeoutS,
    CodeSize: zipBytes(version.zip),
  };
});

type Listed = { readonly answer: FunctionVersion; readonly createdAt: number; readonly modifiedAt: number };

function latest(fn: WorldFunction): Listed {
  const { createdAt, modifiedAt } = fn;
  const [AddTime, ModTime] = [cloudTime(createdAt), cloudTime(modifiedAt)];
  const answer = { Version: '$LATEST', Description: fn.description, AddTime, ModTime, Status: fn.status };
  return { answer, createdAt, modifiedAt };
}

function published(version: WorldVersion): Listed {
  const { version: Version, description: Description, createdAt } = version;
  const time = cloudTime(createdAt);
  const Status = versionStatus(version);
  return {
    answer: { Version, Description, AddTime: time, ModTime: time, Status },
    createdAt,
    modifiedAt: createdAt,
  };
}

/** Lists versions, including `$LATEST`, by default newest first: https://cloud.tencent.com/document/api/583/37162. */
export const listVersionByFunction = action<'scf.ListVersionByFunction'>((request, context) => {
  const fn = requireFunction(context, request);
  const listed = [latest(fn), ...fn.versions.toReversed().map((version) => published(version))];
  if (request.OrderBy !== undefined) {
    const by = request.OrderBy === 'AddTime' ? 'createdAt' : 'modifiedAt';
    listed.sort((a, b) => b[by] - a[by]);
  }
  if (request.Order === 'ASC') listed.reverse();
  const shown = page(listed, request, { fallback: 20, max: 1000 }).map((each) => each.answer);
  return {
    TotalCount: listed.length,
    Versions: shown,
    FunctionVersion: shown.flatMap(({ Version: version }) => version ?? []),
  };
});
