import type { WorldFunctionSettings } from './scf';

/** What a function has unless told otherwise: https://cloud.tencent.com/document/api/583/18586. */
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

/** A copy of the settings alone, which shares nothing with what it was taken from. */
export function settingsOf(source: WorldFunctionSettings): WorldFunctionSettings {
  const { zip, handler, runtime, memoryMb, timeoutS, initTimeoutS, environment, role, vpc, cls } = source;
  const { intranetIp, publicNet, asyncRun, trace, dnsCache, l5, instanceConcurrency, webSocketIdleS } =
    source;
  return structuredClone({
    ...{ zip, handler, runtime, memoryMb, timeoutS, initTimeoutS, environment, role, vpc, cls },
    ...{ publicNet, asyncRun, trace, dnsCache, l5, instanceConcurrency, webSocketIdleS },
    ...(intranetIp === undefined ? {} : { intranetIp }),
  });
}
