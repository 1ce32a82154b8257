import type {
  Code,
  UpdateFunctionCodeRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldFunction } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { functionKey, requireActive, requireFunction } from './find/find-objects';
import { toCode } from './function-code';
import { checkHandler, refuseWhatIsNotThere, settingsAfter } from './function-input';
import { addVersion, requireRoomForVersion } from './versions';

function change(
  fn: WorldFunction,
  changed: Partial<WorldFunction>,
  publish: string | undefined,
  context: ActionContext,
): void {
  if (publish === 'TRUE') requireRoomForVersion(fn);
  Object.assign(fn, changed, { modifiedAt: context.now });
  if (publish === 'TRUE') addVersion(fn, '', context.now);
  context.settleLater(fn, 'Updating');
  context.applied(functionKey(fn));
}

/** https://www.tencentcloud.com/document/api/583/18581. */
export const updateFunctionCode = action<'scf.UpdateFunctionCode'>((request, context) => {
  const fn = requireFunction(context, request);
  requireActive(fn);
  refuseWhatIsNotThere(request);
  const zip = toCode(codeIn(request), request.CodeSource, 20);
  const handler = request.Handler === undefined ? fn.handler : checkHandler(request.Handler, fn.runtime);
  change(fn, { zip, handler }, request.Publish, context);
  return {};
});

function codeIn({ Code: code = {}, ZipFile, CosBucketName, CosObjectName }: UpdateFunctionCodeRequest): Code {
  return {
    ...code,
    ...(ZipFile === undefined ? {} : { ZipFile }),
    ...(CosBucketName === undefined ? {} : { CosBucketName }),
    ...(CosObjectName === undefined ? {} : { CosObjectName }),
  };
}

/**
 * Updates a function's configuration: https://cloud.tencent.com/document/api/583/18580. Unnamed settings stay;
 * `Environment` is replaced as a whole.
 */
export const updateFunctionConfiguration = action<'scf.UpdateFunctionConfiguration'>((request, context) => {
  const fn = requireFunction(context, request);
  requireActive(fn, 'FailedOperation.UpdateFunctionConfiguration');
  if (request.Runtime !== undefined && request.Runtime !== fn.runtime) {
    throw new ApiError(
      'InvalidParameterValue.Runtime',
      `The parameter \`Runtime\` can’t be changed; the function ${fn.name} has ${fn.runtime}.`,
    );
  }
  const settings = settingsAfter(request, fn, fn.type, context);
  const description = request.Description ?? fn.description;
  change(fn, { ...settings, description }, request.Publish, context);
  return {};
});
