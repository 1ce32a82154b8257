import type { WorldHealthCheck } from './clb';

const always = {
  on: true,
  timeoutS: 2,
  intervalS: 5,
  healthyCount: 3,
  unhealthyCount: 3,
  httpCodes: 31,
  httpPath: '/',
  httpDomain: '',
  httpMethod: 'HEAD',
  httpVersion: null,
  port: null,
  sourceIpType: 0,
  custom: null,
  grpcCodes: null,
} as const;

/** Returns the default health check of a rule: https://www.tencentcloud.com/document/product/214/6097. */
export function ruleHealthCheck(): WorldHealthCheck {
  return { ...always, type: 'HTTP' };
}

/** Returns the same for a layer-4 listener. */
export function listenerHealthCheck(): WorldHealthCheck {
  return { ...always, type: 'TCP' };
}
