import type {
  GetFunctionRequest,
  GetFunctionResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldFunction, WorldVersion } from '../../world/scf';
import { action, type WithNull } from '../action';
import { clbTriggers } from './clb-triggers';
import { functionId } from './function-id';
import { findFunction, findVersion } from './look-up';
import { zipBytes } from './zip-file';

type Answer = WithNull<
  GetFunctionResponse,
  'ImageConfig' | 'InstanceConcurrencyConfig' | 'ProtocolParams' | 'ProtocolType'
>;

/** Only the newest version can still be on its way; all others rest. */
function versionStatus(fn: WorldFunction, version: WorldVersion): string {
  return fn.status === 'Publishing' && fn.versions.at(-1) === version ? 'Publishing' : 'Active';
}

/** https://www.tencentcloud.com/document/api/583/18584. The code itself is not shown. */
export const getFunction = action<GetFunctionRequest, Answer>((request, context) => {
  const { FunctionName: name, Qualifier: qualifier = '$LATEST' } = request;
  if (!name) {
    throw new ApiError('MissingParameter', 'The request is missing a required parameter `FunctionName`.');
  }
  const fn = findFunction(context, { ...request, FunctionName: name });
  const version = findVersion(fn, qualifier);
  const code = version ?? fn;
  return {
    FunctionName: fn.name,
    FunctionId: functionId(fn),
    FunctionVersion: version?.version ?? '$LATEST',
    Qualifier: qualifier,
    Namespace: fn.namespace,
    Type: fn.type,
    Description: code.description,
    Handler: code.handler,
    Runtime: code.runtime,
    MemorySize: code.memoryMb,
    Timeout: code.timeoutS,
    InitTimeout: 65,
    Environment: {
      Variables: Object.entries(code.environment).map(([Key, Value]) => ({ Key, Value })),
    },
    Status: version ? versionStatus(fn, version) : fn.status,
    StatusDesc: '',
    StatusReasons: [],
    AvailableStatus: 'Available',
    Triggers: clbTriggers(context.account, fn),
    CodeInfo: '',
    CodeSize: zipBytes(code.zip),
    CodeResult: 'success',
    CodeError: '',
    ErrNo: 0,
    AddTime: cloudTime(code.createdAt),
    ModTime: cloudTime(version?.createdAt ?? fn.modifiedAt),
    VpcConfig: { VpcId: '', SubnetId: '' },
    UseGpu: 'FALSE',
    Role: '',
    InstallDependency: 'FALSE',
    ClsLogsetId: '',
    ClsTopicId: '',
    Tags: [],
    EipConfig: { EipFixed: 'FALSE', Eips: [] },
    AccessInfo: { Host: '', Vip: '' },
    L5Enable: 'FALSE',
    Layers: [],
    DeadLetterConfig: { Type: '', Name: '', FilterType: '' },
    PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'DISABLE', EipAddress: [] } },
    OnsEnable: 'FALSE',
    CfsConfig: { CfsInsList: [] },
    AsyncRunEnable: 'FALSE',
    TraceEnable: 'FALSE',
    ImageConfig: null,
    ProtocolType: '',
    ProtocolParams: null,
    InstanceConcurrencyConfig: null,
    DnsCache: 'FALSE',
    IntranetConfig: { IpFixed: 'DISABLE' },
  };
});
