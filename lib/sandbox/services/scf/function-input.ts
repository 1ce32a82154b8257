import type {
  CreateFunctionRequest,
  IntranetConfigIn,
  UpdateFunctionConfigurationRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import type { WorldFunction, WorldFunctionSettings } from '../../world/scf';
import type { ActionContext } from '../action';

/** Settings that both actions may set. Ranges and forms of single values have been checked before. */
type SettingsRequest = Omit<
  CreateFunctionRequest & UpdateFunctionConfigurationRequest,
  'FunctionName' | 'Code'
>;

/** Maximum size of all environment variables, in bytes: https://www.tencentcloud.com/document/product/583/11637. */
const environmentMax = 4096;

/** Names that the platform sets itself: https://www.tencentcloud.com/document/product/583/32748. */
const systemVariable = /^(SCF_|QCLOUD_|TENCENTCLOUD_|TECENTCLOUD_)/i;

/**
 * Returns the settings after a request: named settings change, the rest stays as in `base`. Features that the sandbox
 * lacks (layers, file systems, queues, fixed public addresses) are refused rather than stored without effect.
 * @throws ApiError InvalidParameterValue.…, ResourceNotFound.…, UnsupportedOperation…
 */
export function settingsAfter(
  request: SettingsRequest,
  base: WorldFunctionSettings,
  type: WorldFunction['type'],
  context: ActionContext,
): WorldFunctionSettings {
  refuseWhatIsNotThere(request);
  const flag = (value: string | undefined, otherwise: boolean) =>
    value === undefined ? otherwise : value === 'TRUE';
  const vpc = request.VpcConfig === undefined ? base.vpc : resolveVpc(request.VpcConfig, context);
  return {
    ...base,
    runtime: request.Runtime ?? base.runtime,
    handler: request.Handler ?? base.handler,
    memoryMb: request.MemorySize ?? base.memoryMb,
    timeoutS: request.Timeout ?? base.timeoutS,
    initTimeoutS: request.InitTimeout ?? base.initTimeoutS,
    environment: toEnvironment(request) ?? base.environment,
    role: request.Role ?? base.role,
    vpc,
    intranetIp: intranetAddress(request.IntranetConfig, base, vpc, context),
    cls: {
      logsetId: request.ClsLogsetId ?? base.cls.logsetId,
      topicId: request.ClsTopicId ?? base.cls.topicId,
    },
    publicNet:
      request.PublicNetConfig === undefined
        ? base.publicNet
        : request.PublicNetConfig.PublicNetStatus === 'ENABLE',
    asyncRun: flag(request.AsyncRunEnable, base.asyncRun),
    trace: flag(request.TraceEnable, base.trace),
    dnsCache: flag(request.DnsCache, base.dnsCache),
    l5: flag(request.L5Enable, base.l5),
    ...webSettings(request, base, type),
  };
}

const programRuntimes: ReadonlySet<string> = new Set(['Go1', 'CustomRuntime']);

/**
 * Returns a valid handler. @throws ApiError InvalidParameterValue.Handler when the runtime can't resolve it to a
 * function
 */
export function checkHandler(handler: string, runtime: string): string {
  if (programRuntimes.has(runtime) || /[.:]/.test(handler)) return handler;
  throw new ApiError(
    'InvalidParameterValue.Handler',
    `The parameter \`Handler\` must have the form file.function for ${runtime}, such as index.main_handler.`,
  );
}

/** Refuses features that the sandbox lacks. @throws ApiError */
export function refuseWhatIsNotThere(
  request: Pick<
    SettingsRequest,
    'Layers' | 'CfsConfig' | 'DeadLetterConfig' | 'PublicNetConfig' | 'InstallDependency'
  >,
): void {
  const refuse = (code: string, what: string) => {
    throw new ApiError(code, `${what}: the sandbox has none.`);
  };
  const layer = request.Layers?.find((each) => each.LayerName !== '');
  if (layer) refuse('ResourceNotFound.Layer', `The layer ${layer.LayerName} of \`Layers\` does not exist`);
  if ((request.CfsConfig?.CfsInsList ?? []).length > 0) {
    refuse('ResourceNotFound.GetCfsNotMatch', 'The file system of `CfsConfig` does not exist');
  }
  if (request.DeadLetterConfig?.Name) {
    refuse(
      'ResourceNotFound.Cmq',
      `The queue ${request.DeadLetterConfig.Name} of \`DeadLetterConfig\` does not exist`,
    );
  }
  if (request.PublicNetConfig?.EipConfig?.EipStatus === 'ENABLE') {
    refuse('UnsupportedOperation.EipFixed', 'There is no elastic IP for `EipConfig`');
  }
  if (request.InstallDependency === 'TRUE') {
    throw new ApiError(
      'UnsupportedOperation',
      'The sandbox installs no packages for `InstallDependency`; put them into the zip file.',
    );
  }
}

function toEnvironment({ Environment: given }: SettingsRequest): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  // The Terraform provider sends a variable without a name for an empty list.
  const entries = (given.Variables ?? [])
    .map(({ Key: key = '', Value: value = '' }) => [key, value] as const)
    .filter(([key]) => key !== '');
  const empty = entries.find(([, value]) => value === '');
  if (empty) {
    throw new ApiError(
      'InvalidParameterValue.Environment',
      `The variable ${empty[0]} in \`Environment\` must have between 1 and 4096 characters.`,
    );
  }
  const system = entries.find(([key]) => systemVariable.test(key));
  if (system) {
    throw new ApiError(
      'InvalidParameterValue.EnvironmentSystemProtect',
      `The variable ${system[0]} in \`Environment\` is one of the system’s own.`,
    );
  }
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (bytes > environmentMax) {
    throw new ApiError(
      'InvalidParameterValue.EnvironmentExceededLimit',
      `The variables of \`Environment\` have ${bytes} bytes; at most ${environmentMax} are allowed.`,
    );
  }
  return Object.fromEntries(entries);
}

function resolveVpc(
  { VpcId: vpcId = '', SubnetId: subnetId = '' }: NonNullable<SettingsRequest['VpcConfig']>,
  { account, region }: ActionContext,
): WorldFunctionSettings['vpc'] {
  if (vpcId === '' && subnetId === '') return null;
  const subnet = account.subnets[subnetId];
  if (account.vpcs[vpcId]?.region === region && subnet?.vpcId === vpcId) return { vpcId, subnetId };
  throw new ApiError(
    'ResourceNotFound.Vpc',
    `\`VpcConfig\` names the subnet ${subnetId} of ${vpcId}, which does not exist in ${region}.`,
  );
}

type WebSettings = Pick<WorldFunctionSettings, 'instanceConcurrency' | 'webSocketIdleS'>;

/** Returns the settings of concurrent requests per instance and of WebSockets: HTTP functions only. */
function webSettings(request: SettingsRequest, base: WebSettings, type: WorldFunction['type']): WebSettings {
  const { InstanceConcurrencyConfig: many, ProtocolType: protocol, ProtocolParams: params } = request;
  if (type !== 'HTTP' && (many !== undefined || protocol !== undefined || params !== undefined)) {
    const field = many === undefined ? 'ProtocolType' : 'InstanceConcurrencyConfig';
    throw new ApiError(
      `InvalidParameterValue.${field}`,
      `The parameter \`${field}\` is for HTTP functions only.`,
    );
  }
  if (many?.SessionConfig !== undefined || (many?.MixNodeConfig ?? []).length > 0) {
    throw new ApiError(
      'InvalidParameterValue.InstanceConcurrencyConfig',
      'The sandbox takes neither `SessionConfig` nor `MixNodeConfig` in `InstanceConcurrencyConfig`.',
    );
  }
  const idle = params?.WSParams?.IdleTimeOut;
  return {
    instanceConcurrency: many === undefined ? base.instanceConcurrency : toConcurrency(many),
    webSocketIdleS: protocol === 'WS' ? (idle ?? webSocketIdleDefault) : (idle ?? base.webSocketIdleS),
  };
}

/** Seconds: https://cloud.tencent.com/document/api/583/17244#WSParams. */
const webSocketIdleDefault = 15;

function toConcurrency({
  DynamicEnabled: dynamic = 'FALSE',
  MaxConcurrency: max = 1,
}: NonNullable<SettingsRequest['InstanceConcurrencyConfig']>): WebSettings['instanceConcurrency'] {
  // An empty value removes the setting.
  return dynamic === '' ? null : { dynamic: dynamic === 'TRUE', max };
}

type Place = Pick<WorldFunctionSettings, 'intranetIp' | 'vpc'>;

function addressToNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function numberToAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

/** Returns a free address of a subnet, counting down from its end: servers are numbered up from its start. */
function freeAddress(subnetId: string, { account, addressesInUse }: ActionContext): string {
  const [block = '', prefix = '32'] = account.subnets[subnetId]?.cidr.split('/') ?? [];
  const first = addressToNumber(block);
  const used = addressesInUse();
  // The last one is the broadcast address, the first two belong to the network and the gateway.
  for (let number = first + 2 ** (32 - Number(prefix)) - 2; number > first + 1; number -= 1) {
    const address = numberToAddress(number);
    if (!used.has(address)) return address;
  }
  throw new ApiError('ResourceInsufficient', `The subnet ${subnetId} has no free address left.`);
}

/**
 * Returns the source address of a function inside its VPC, which stays the same while the function is in one subnet:
 * https://www.tencentcloud.com/document/product/583/38198.
 * @param given the setting in the request; undefined = as in `base`
 * @param vpc the function's network after the request
 * @throws ApiError InvalidParameterValue when a fixed address is requested without a VPC (the code is not documented),
 * ResourceInsufficient
 */
function intranetAddress(
  given: IntranetConfigIn | undefined,
  base: Place,
  vpc: Place['vpc'],
  context: ActionContext,
): string | undefined {
  const isFixed = given === undefined ? base.intranetIp !== undefined : given.IpFixed === 'ENABLE';
  if (!isFixed) return undefined;
  if (vpc === null) {
    if (given === undefined) return undefined;
    throw invalidValue('The parameter `IntranetConfig` needs a VPC in `VpcConfig`.');
  }
  const stays = base.intranetIp !== undefined && base.vpc?.subnetId === vpc.subnetId;
  return stays ? base.intranetIp : freeAddress(vpc.subnetId, context);
}
