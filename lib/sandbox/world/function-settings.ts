import type { WorldFunctionSettings } from './scf';

/** Returns the default settings of a function: https://cloud.tencent.com/document/api/583/18586. */
export function defaultSettings(): Omit<WorldFunctionSettings, 'zip' | 'handler' | 'runtime'> {
  return {
    memoryMb: 128,
    timeoutS: 3,
    initTimeoutS: 65,
    environment: {},
    role: '',
    vpc: null,
    cls: { logsetId: '', topicId: '' },
    publicNet: true,
    asyncRun: false,
    trace: false,
    dnsCache: false,
    l5: false,
    instanceConcurrency: null,
    webSocketIdleS: null,
  };
}

/** Returns a copy of only the settings, which shares nothing with its source. */
export function pickSettings(source: WorldFunctionSettings): WorldFunctionSettings {
  const { zip, handler, runtime, memoryMb, timeoutS, initTimeoutS, environment, role, vpc, cls } = source;
  const { intranetIp, publicNet, asyncRun, trace, dnsCache, l5, instanceConcurrency, webSocketIdleS } =
    source;
  return structuredClone({
    zip,
    handler,
    runtime,
    memoryMb,
    timeoutS,
    initTimeoutS,
    environment,
    role,
    vpc,
    cls,
    publicNet,
    asyncRun,
    trace,
    dnsCache,
    l5,
    instanceConcurrency,
    webSocketIdleS,
    ...(intranetIp === undefined ? {} : { intranetIp }),
  });
}
