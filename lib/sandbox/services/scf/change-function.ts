import type {
  CreateFunctionRequest,
  CreateFunctionResponse,
  UpdateFunctionCodeRequest,
  UpdateFunctionCodeResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';
import { defaultAlias } from '../../world/default-alias';
import type { WorldFunction } from '../../world/scf';
import { action } from '../action';
import { checkHandler, functionInput } from './function-input';
import { defaultNamespace, findFunction, functionKey, requireActive } from './look-up';
import { addVersion, requireRoomForVersion } from './versions';
import { checkZip } from './zip-file';

/** Functions of a namespace: https://www.tencentcloud.com/document/product/583/11637. */
const functionsMax = 50;

function zipOf(zip: string | undefined, maxMb: number): string {
  if (zip === undefined) {
    throw new ApiError(
      'MissingParameter.Code',
      'The sandbox takes code as `ZipFile` (base64 of a zip) only.',
    );
  }
  return checkZip(zip, maxMb);
}

/** https://www.tencentcloud.com/document/api/583/18586. The function is Creating until it becomes Active by itself. */
export const createFunction = action<CreateFunctionRequest, CreateFunctionResponse>((request, context) => {
  const { FunctionName: name, Namespace: namespace = defaultNamespace } = request;
  const input = functionInput(request);
  const key = functionKey(context, name, namespace);
  if (context.account.functions[key]) {
    throw new ApiError('ResourceInUse.Function', `The function ${namespace}/${name} exists already.`);
  }
  const neighbours = Object.values(context.account.functions).filter(
    (fn) => fn.region === context.region && fn.namespace === namespace,
  );
  if (neighbours.length >= functionsMax) {
    throw new ApiError(
      'LimitExceeded.Function',
      `The namespace ${namespace} takes at most ${functionsMax} functions.`,
    );
  }
  const fn: WorldFunction = {
    ...input,
    region: context.region,
    namespace,
    name,
    description: request.Description ?? '',
    status: 'Creating',
    settlesAt: null,
    createdAt: context.now,
    modifiedAt: context.now,
    zip: zipOf(request.Code.ZipFile, 50),
    versions: [],
    initTimeoutS: 65,
    role: '',
    aliases: [defaultAlias(context.now)],
    triggers: [],
    reservedMb: null,
    provisioned: [],
  };
  context.account.functions[key] = fn;
  context.settleLater(fn, 'Creating');
  context.applied(key);
  return {};
});

/** https://www.tencentcloud.com/document/api/583/18581. Published versions keep the code that they have. */
export const updateFunctionCode = action<UpdateFunctionCodeRequest, UpdateFunctionCodeResponse>(
  (request, context) => {
    const fn = findFunction(context, request);
    requireActive(fn);
    const zip = zipOf(request.ZipFile ?? request.Code?.ZipFile, 20);
    const handler = request.Handler === undefined ? fn.handler : checkHandler(request.Handler);
    const publish = request.Publish === 'TRUE';
    if (publish) requireRoomForVersion(fn);
    Object.assign(fn, { zip, handler, modifiedAt: context.now });
    if (publish) addVersion(fn, '', context.now);
    context.settleLater(fn, 'Updating');
    context.applied(`${fn.region}/${fn.namespace}/${fn.name}`);
    return {};
  },
);
