import type {
  FunctionVersion,
  ListVersionByFunctionRequest,
  ListVersionByFunctionResponse,
  PublishVersionRequest,
  PublishVersionResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldFunction, WorldVersion } from '../../world/scf';
import { action } from '../action';
import { page } from '../paging';
import { findFunction, requireActive } from './look-up';
import { zipBytes } from './zip-file';

/** Versions of a function: https://www.tencentcloud.com/document/product/583/11637. */
const versionsMax = 1000;

/** @throws ApiError LimitExceeded.FunctionVersions when the function can't have another version */
export function requireRoomForVersion(fn: WorldFunction): void {
  if (fn.versions.length < versionsMax) return;
  throw new ApiError('LimitExceeded.FunctionVersions', `A function takes at most ${versionsMax} versions.`);
}

/** Copies the function's code and settings into a version that never changes. */
export function addVersion(fn: WorldFunction, description: string, now: number): WorldVersion {
  const { zip, handler, runtime, memoryMb, timeoutS, environment } = fn;
  const version: WorldVersion = {
    version: String(Math.max(0, ...fn.versions.map((each) => Number(each.version))) + 1),
    description,
    createdAt: now,
    zip,
    handler,
    runtime,
    memoryMb,
    timeoutS,
    environment: { ...environment },
  };
  fn.versions.push(version);
  return version;
}

/** https://www.tencentcloud.com/document/api/583/34452. */
export const publishVersion = action<PublishVersionRequest, PublishVersionResponse>((request, context) => {
  const fn = findFunction(context, request);
  requireActive(fn);
  requireRoomForVersion(fn);
  const version = addVersion(fn, request.Description ?? '', context.now);
  context.settleLater(fn, 'Publishing');
  context.applied(`${fn.region}/${fn.namespace}/${fn.name}:${version.version}`);
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

/** https://www.tencentcloud.com/document/api/583/34453. `$LATEST` is among the versions; newest first unless told. */
export const listVersionByFunction = action<ListVersionByFunctionRequest, ListVersionByFunctionResponse>(
  (request, context) => {
    const fn = findFunction(context, request);
    const versions: FunctionVersion[] = [
      {
        Version: '$LATEST',
        Description: fn.description,
        AddTime: cloudTime(fn.createdAt),
        ModTime: cloudTime(fn.modifiedAt),
        Status: fn.status,
      },
      ...fn.versions.toReversed().map((version) => ({
        Version: version.version,
        Description: version.description,
        AddTime: cloudTime(version.createdAt),
        ModTime: cloudTime(version.createdAt),
        Status: 'Active',
      })),
    ];
    if (request.Order === 'ASC') versions.reverse();
    const shown = page(versions, request, { fallback: 20, max: 1000 });
    return {
      TotalCount: versions.length,
      Versions: shown,
      FunctionVersion: shown.map((version) => version.Version),
    };
  },
);
