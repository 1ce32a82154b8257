import type { GetReservedConcurrencyConfigResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { unreservedMinMb } from '@/lib/sandbox/model/scf/concurrency';
import { action, type WithNull } from '@/lib/sandbox/services/action';
import { functionKey, requireFunction } from '@/lib/sandbox/services/scf/find/find-objects';
import { provisionableMb, reservableMb } from './concurrency-budget';

/** Sets reserved concurrency; 0 stops the function: https://www.tencentcloud.com/document/api/583/39224. */
export const putReservedConcurrencyConfig = action<'scf.PutReservedConcurrencyConfig'>((request, context) => {
  const fn = requireFunction(context, request);
  const { ReservedConcurrencyMem: wanted } = request;
  const most = reservableMb(fn, context) - unreservedMinMb;
  if (wanted > most) {
    throw new ApiError(
      'LimitExceeded.FunctionReservedConcurrencyMemory',
      `\`ReservedConcurrencyMem\` can be at most ${Math.max(0, most)} MB: ${unreservedMinMb} MB of the quota must stay unreserved.`,
    );
  }
  const provisioned = provisionableMb(fn);
  // 0 turns the function off, even with provisioned instances.
  if (wanted > 0 && wanted < provisioned) {
    throw new ApiError(
      'FailedOperation.ProvisionedExceedReserved',
      `\`ReservedConcurrencyMem\` is less than the ${provisioned} MB of provisioned instances of ${fn.name}.`,
    );
  }
  fn.reservedMb = wanted;
  context.applied(functionKey(fn));
  return {};
});

/** https://cloud.tencent.com/document/api/583/51247. */
export const getReservedConcurrencyConfig = action<
  'scf.GetReservedConcurrencyConfig',
  WithNull<GetReservedConcurrencyConfigResponse, 'ReservedMem'>
>((request, context) => ({ ReservedMem: requireFunction(context, request).reservedMb }));

/** Deletes reserved concurrency; succeeds even if none is set: https://cloud.tencent.com/document/api/583/51249. */
export const deleteReservedConcurrencyConfig = action<'scf.DeleteReservedConcurrencyConfig'>(
  (request, context) => {
    const fn = requireFunction(context, request);
    fn.reservedMb = null;
    context.applied(functionKey(fn));
    return {};
  },
);
