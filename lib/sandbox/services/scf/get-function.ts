import { unzipSync } from 'fflate';
import type {
  GetFunctionResponse,
  Trigger,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { missingParameter } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction, WorldFunctionSettings } from '../../world/scf';
import { action, type WithNull } from '../action';
import { functionId, requireFunction, resolveVersion, versionStatus } from './find/find-objects';
import { zipBytes } from './function-code';
import { listTriggerAnswers } from './triggers';

/** Larger entry files are not shown: https://cloud.tencent.com/document/api/583/18584. */
const shownMax = 1024 * 1024;
const endings: Readonly<Record<string, string>> = { Python: '.py', Nodejs: '.js', Php: '.php' };

/**
 * Returns the text of the file that the handler names; '' if it does not exist, is too large, or the runtime has no
 * sources.
 */
function entryFile({ zip, handler, runtime }: WorldFunctionSettings): string {
  const language = Object.keys(endings).find((each) => runtime.startsWith(each)) ?? '';
  const ending = endings[language];
  if (ending === undefined) return '';
  const name = `${handler.split('.').slice(0, -1).join('.')}${ending}`;
  try {
    const files = unzipSync(Buffer.from(zip, 'base64'), {
      filter: (file) => file.name === name && file.originalSize <= shownMax,
    });
    return new TextDecoder().decode(files[name] ?? new Uint8Array());
  } catch {
    // Code that can't be unpacked is refused when it runs; here there is nothing to show.
    return '';
  }
}

type Answer = WithNull<
  GetFunctionResponse,
  'ImageConfig' | 'InstanceConcurrencyConfig' | 'ProtocolParams' | 'ProtocolType'
>;

/** Returns a function; for an alias, its main version: https://www.tencentcloud.com/document/api/583/18584. */
export const getFunction = action<'scf.GetFunction', Answer>((request, context) => {
  const { FunctionName: name, Qualifier: qualifier = '$LATEST' } = request;
  if (!name) {
    throw missingParameter('The request is missing a required parameter `FunctionName`.');
  }
  const fn = requireFunction(context, { ...request, FunctionName: name });
  const alias = fn.aliases.find((each) => each.name === qualifier);
  const named = alias?.version ?? qualifier;
  const version = named === '$LATEST' ? null : resolveVersion(fn, named, 'ResourceNotFound.Version');
  const code = version ?? fn;
  return {
    ...settingsAnswer(code, fn.type),
    FunctionName: fn.name,
    FunctionId: functionId(fn),
    FunctionVersion: version?.version ?? '$LATEST',
    Qualifier: qualifier,
    Namespace: fn.namespace,
    Type: fn.type,
    Description: code.description,
    Status: version ? versionStatus(version) : fn.status,
    StatusDesc: '',
    StatusReasons: [],
    AvailableStatus: 'Available',
    Triggers: listTriggerAnswers(context.account, fn) satisfies Trigger[],
    CodeInfo: request.ShowCode === 'TRUE' ? entryFile(code) : '',
    CodeSize: zipBytes(code.zip),
    CodeResult: 'success',
    CodeError: '',
    ErrNo: 0,
    AddTime: cloudTime(code.createdAt),
    ModTime: cloudTime(version?.createdAt ?? fn.modifiedAt),
    Tags: Object.entries(fn.tags).map(([Key, Value]) => ({ Key, Value })),
    // Features that the sandbox lacks.
    UseGpu: 'FALSE',
    InstallDependency: 'FALSE',
    EipConfig: { EipFixed: 'FALSE', Eips: [] },
    AccessInfo: { Host: '', Vip: '' },
    Layers: [],
    DeadLetterConfig: { Type: '', Name: '', FilterType: '' },
    OnsEnable: 'FALSE',
    CfsConfig: { CfsInsList: [] },
    ImageConfig: null,
  };
});

/** Returns the cloud's words for yes and no. */
export function toFlag(value: boolean): 'TRUE' | 'FALSE' {
  return value ? 'TRUE' : 'FALSE';
}

/**
 * Returns the settings of a function or version in the fields of GetFunction:
 * https://cloud.tencent.com/document/api/583/18584.
 */
function settingsAnswer(settings: WorldFunctionSettings, type: WorldFunction['type']) {
  const { vpc, cls, instanceConcurrency: many, webSocketIdleS } = settings;
  return {
    Handler: settings.handler,
    Runtime: settings.runtime,
    MemorySize: settings.memoryMb,
    Timeout: settings.timeoutS,
    InitTimeout: settings.initTimeoutS,
    Environment: {
      Variables: Object.entries(settings.environment).map(([Key, Value]) => ({ Key, Value })),
    },
    Role: settings.role,
    IntranetConfig: {
      IpFixed: settings.intranetIp === undefined ? 'DISABLE' : 'ENABLE',
      IpAddress: settings.intranetIp === undefined ? [] : [settings.intranetIp],
    },
    VpcConfig: { VpcId: vpc?.vpcId ?? '', SubnetId: vpc?.subnetId ?? '' },
    ClsLogsetId: cls.logsetId,
    ClsTopicId: cls.topicId,
    PublicNetConfig: {
      PublicNetStatus: settings.publicNet ? 'ENABLE' : 'DISABLE',
      EipConfig: { EipStatus: 'DISABLE', EipAddress: [] },
    },
    AsyncRunEnable: toFlag(settings.asyncRun),
    TraceEnable: toFlag(settings.trace),
    DnsCache: toFlag(settings.dnsCache),
    L5Enable: toFlag(settings.l5),
    ProtocolType: type === 'HTTP' && webSocketIdleS !== null ? 'WS' : '',
    ProtocolParams: webSocketIdleS === null ? null : { WSParams: { IdleTimeOut: webSocketIdleS } },
    InstanceConcurrencyConfig:
      many === null ? null : { DynamicEnabled: toFlag(many.dynamic), MaxConcurrency: many.max },
  };
}
