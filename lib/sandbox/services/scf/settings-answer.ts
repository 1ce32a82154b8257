import type { WorldFunction, WorldFunctionSettings } from '../../world/scf';

/** Returns the cloud's words for yes and no. */
export function toFlag(value: boolean): 'TRUE' | 'FALSE' {
  return value ? 'TRUE' : 'FALSE';
}

/**
 * Returns the settings of a function or version in the fields of GetFunction:
 * https://cloud.tencent.com/document/api/583/18584.
 */
export function settingsAnswer(settings: WorldFunctionSettings, type: WorldFunction['type']) {
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
