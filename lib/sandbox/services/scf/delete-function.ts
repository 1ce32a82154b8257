import { ApiError } from '@/lib/sandbox/model/api-error';
import { provisionedNow } from '../../model/scf/provisioned';
import type { WorldFunction } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { requireUnbound } from './clb-triggers';
import {
  functionKey,
  requireActive,
  requireActiveVersion,
  requireFunction,
  resolveVersion,
} from './find/find-objects';

function deleteVersion(fn: WorldFunction, qualifier: string, context: ActionContext): void {
  if (qualifier === '$LATEST') {
    throw new ApiError(
      'InvalidParameterValue.Qualifier',
      'The version $LATEST goes only with the whole function.',
    );
  }
  const version = resolveVersion(fn, qualifier, 'ResourceNotFound.Qualifier');
  const alias = fn.aliases.find(
    (each) =>
      each.version === qualifier || each.extra?.version === qualifier || each.match?.version === qualifier,
  );
  if (alias) {
    throw new ApiError(
      'UnsupportedOperation.AliasBind',
      `The alias ${alias.name} of ${fn.name} points to the version ${qualifier}.`,
    );
  }
  requireActiveVersion(fn, version, 'FailedOperation.FunctionStatusError');
  const provisioned = fn.provisioned.find((each) => each.qualifier === qualifier);
  if (provisioned && provisionedNow(fn, provisioned, context).status === 'InProgress') {
    throw new ApiError(
      'FailedOperation.ProvisionedInProgress',
      `Instances of version ${qualifier} of ${fn.name} are being provisioned.`,
    );
  }
  requireUnbound(fn, qualifier, 'FailedOperation.DeleteFunction', context);
  fn.versions = fn.versions.filter((each) => each !== version);
  fn.provisioned = fn.provisioned.filter((each) => each !== provisioned);
  fn.triggers = fn.triggers.filter((each) => each.qualifier !== qualifier);
  context.applied(`${functionKey(fn)}:${qualifier}`);
}

/**
 * Deletes a function with its timers, or a version with `Qualifier`, whose running calls are completed:
 * https://cloud.tencent.com/document/api/583/18585.
 */
export const deleteFunction = action<'scf.DeleteFunction'>((request, context) => {
  const fn = requireFunction(context, request);
  if (request.Qualifier !== undefined) {
    deleteVersion(fn, request.Qualifier, context);
    return {};
  }
  requireActive(fn);
  requireUnbound(fn, null, 'FailedOperation.DeleteFunction', context);
  delete context.account.functions[functionKey(fn)];
  context.applied(functionKey(fn));
  return {};
});
