import type { CreateFunctionRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { defaultAlias, defaultSettings, type WorldFunction } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { defaultNamespace, functionKey, requireNamespace, selectFunctions } from './find/find-objects';
import { toCode } from './function-code';
import { checkHandler, settingsAfter } from './function-input';

/** Maximum of functions in a namespace: https://www.tencentcloud.com/document/product/583/11637. */
export const functionsMax = 50;
/** Maximum length of a function's and its namespace's name together, same page. */
const namesMax = 118;

/**
 * Creates a function: https://www.tencentcloud.com/document/api/583/18586. It is Creating until it becomes Active
 * automatically.
 */
export const createFunctionAction = action<'scf.CreateFunction'>(async (request, context) => {
  const fn = newFunction(request, context);
  await requireRuntime(fn.runtime, context);
  // Others may have been created in between.
  requirePlace(fn, context);
  context.account.functions[functionKey(fn)] = fn;
  context.settleLater(fn, 'Creating');
  context.applied(functionKey(fn));
  return {};
});

function newFunction(request: CreateFunctionRequest, context: ActionContext): WorldFunction {
  const { FunctionName: name, Namespace: namespace = defaultNamespace, Handler: handler = '' } = request;
  const { region, now } = context;
  const type = request.Type === 'HTTP' ? 'HTTP' : 'Event';
  const runtime = request.Runtime ?? 'Python2.7';
  // HTTP functions are started by their bootstrap file and need no handler.
  if (type === 'Event') checkHandler(handler, runtime);
  if (name.length + namespace.length > namesMax) {
    throw new ApiError(
      'InvalidParameterValue.FunctionName',
      `\`FunctionName\` and \`Namespace\` have more than ${namesMax} characters together.`,
    );
  }
  requirePlace({ region, namespace, name }, context);
  const zip = toCode(request.Code, request.CodeSource, 50);
  const base = { ...defaultSettings(), zip, handler, runtime };
  return {
    ...settingsAfter(request, base, type, context),
    region,
    namespace,
    name,
    type,
    description: request.Description ?? '',
    tags: Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    status: 'Creating',
    settlesAt: null,
    createdAt: now,
    modifiedAt: now,
    versions: [],
    lastVersion: 0,
    aliases: [defaultAlias(now)],
    triggers: [],
    reservedMb: null,
    provisioned: [],
  };
}

function requirePlace(
  fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>,
  context: ActionContext,
): void {
  const { namespace, name } = fn;
  requireNamespace(context, namespace);
  if (context.account.functions[functionKey(fn)]) {
    throw new ApiError('ResourceInUse.Function', `The function ${namespace}/${name} exists already.`);
  }
  if (selectFunctions(context, namespace).length >= functionsMax) {
    throw new ApiError(
      'LimitExceeded.Function',
      `The namespace ${namespace} takes at most ${functionsMax} functions.`,
    );
  }
}

/**
 * Requires the runtime. Python and Node must be found on the machine: without them the created function could never
 * run.
 */
async function requireRuntime(runtime: string, { invoker }: ActionContext): Promise<void> {
  if (!/^(Python3|Nodejs)/.test(runtime)) return;
  const problem = (await invoker?.runtimeProblem(runtime)) ?? null;
  if (problem !== null) throw new ApiError('FailedOperation.CreateFunction', problem);
}
