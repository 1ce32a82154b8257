import type { VersionProvisionedConcurrencyInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { provisionedNow } from '@/lib/sandbox/model/scf/provisioned';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import {
  functionKey,
  requireActiveVersion,
  requireFunction,
  resolveVersion,
} from '@/lib/sandbox/services/scf/find/find-objects';
import type { WorldFunction, WorldProvisioned } from '@/lib/sandbox/world/scf';
import { peakInstances, provisionableLeft } from './concurrency-budget';
import { plannedFrom } from './provisioned-input';

function findSetting(fn: WorldFunction, version: string): WorldProvisioned | undefined {
  return fn.provisioned.find((each) => each.qualifier === version);
}

function findProvisionable(fn: WorldFunction, version: string): void {
  if (version === '$LATEST' || fn.aliases.some((each) => each.name === version)) {
    throw new ApiError(
      'InvalidParameterValue.Qualifier',
      `\`Qualifier\` must be the number of a published version, not ${version}.`,
    );
  }
  resolveVersion(fn, version, 'ResourceNotFound.FunctionVersion');
}

/**
 * Returns how many instances are warm now, for a setting that is not changing. @throws ApiError
 * FailedOperation.ProvisionedInProgress
 */
function restingWarm(fn: WorldFunction, version: string, context: ActionContext): number {
  const setting = findSetting(fn, version);
  if (!setting) return 0;
  const { warm, status } = provisionedNow(fn, setting, context);
  if (status === 'Done') return warm;
  throw new ApiError(
    'FailedOperation.ProvisionedInProgress',
    `Instances of version ${version} of ${fn.name} are being provisioned; please try later.`,
  );
}

function requireRoom(fn: WorldFunction, wanted: WorldProvisioned, context: ActionContext): void {
  const left = provisionableLeft(fn, wanted.qualifier, context);
  const most = peakInstances(wanted);
  if (most <= left) return;
  throw new ApiError(
    fn.reservedMb === null
      ? 'FailedOperation.ProvisionedExceedAvailable'
      : 'FailedOperation.ProvisionedExceedReserved',
    `${most} instances of version ${wanted.qualifier} of ${fn.name} are wanted; at most ${left} can be provisioned.`,
  );
}

/**
 * Replaces the whole setting of provisioned concurrency; instances start at once:
 * https://cloud.tencent.com/document/api/583/51246.
 */
export const putProvisionedConcurrencyConfig = action<'scf.PutProvisionedConcurrencyConfig'>(
  (request, context) => {
    const fn = requireFunction(context, request);
    const { Qualifier: version } = request;
    findProvisionable(fn, version);
    const found = resolveVersion(fn, version, 'ResourceNotFound.FunctionVersion');
    requireActiveVersion(fn, found, 'FailedOperation.FunctionVersionStatusNotActive');
    const planned = plannedFrom(request, context);
    const from = restingWarm(fn, version, context);
    const wanted: WorldProvisioned = { ...planned, qualifier: version, from, since: context.now };
    requireRoom(fn, wanted, context);
    fn.provisioned = [...fn.provisioned.filter((each) => each.qualifier !== version), wanted];
    context.applied(`${functionKey(fn)}:${version}`);
    return {};
  },
);

function toInfo(
  fn: WorldFunction,
  setting: WorldProvisioned,
  context: ActionContext,
): VersionProvisionedConcurrencyInfo {
  const { target, warm, status } = provisionedNow(fn, setting, context);
  const schedule = setting.kind === 'Default' ? setting.schedule : [];
  return {
    AllocatedProvisionedConcurrencyNum: target,
    AvailableProvisionedConcurrencyNum: warm,
    Status: status,
    StatusReason: '',
    Qualifier: setting.qualifier,
    TriggerActions: schedule.map((task) => ({
      TriggerName: task.name,
      TriggerProvisionedConcurrencyNum: task.count,
      TriggerCronConfig: task.cron,
      ProvisionedType: 'Default',
    })),
  };
}

/** https://cloud.tencent.com/document/api/583/51248. */
export const getProvisionedConcurrencyConfig = action<'scf.GetProvisionedConcurrencyConfig'>(
  (request, context) => {
    const fn = requireFunction(context, request);
    const { Qualifier: version } = request;
    if (version !== undefined) findProvisionable(fn, version);
    const settings = fn.provisioned.filter((each) => version === undefined || each.qualifier === version);
    return {
      UnallocatedConcurrencyNum: provisionableLeft(fn, null, context),
      Allocated: settings.map((setting) => toInfo(fn, setting, context)),
    };
  },
);

/**
 * Deletes the setting of provisioned concurrency; succeeds even if it does not exist:
 * https://www.tencentcloud.com/document/api/583/39229.
 */
export const deleteProvisionedConcurrencyConfig = action<'scf.DeleteProvisionedConcurrencyConfig'>(
  (request, context) => {
    const fn = requireFunction(context, request);
    const { Qualifier: version } = request;
    findProvisionable(fn, version);
    restingWarm(fn, version, context);
    fn.provisioned = fn.provisioned.filter((each) => each.qualifier !== version);
    context.applied(`${functionKey(fn)}:${version}`);
    return {};
  },
);
