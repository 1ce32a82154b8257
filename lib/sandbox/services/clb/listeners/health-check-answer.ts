import type { HealthCheck } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import type { WithNull } from '@/lib/sandbox/services/action';
import type { WorldHealthCheck } from '@/lib/sandbox/world/clb';

/** Fields of a health check that have no value for its kind. */
export type HealthCheckAnswer = WithNull<
  HealthCheck,
  | 'CheckPort'
  | 'ContextType'
  | 'ExtendedCode'
  | 'HttpCheckDomain'
  | 'HttpCheckMethod'
  | 'HttpCheckPath'
  | 'HttpCode'
  | 'HttpVersion'
  | 'RecvContext'
  | 'SendContext'
>;

/** Returns a health check as the API shows it: https://cloud.tencent.com/document/api/214/30694#HealthCheck. */
export function healthCheckAnswer(check: WorldHealthCheck): HealthCheckAnswer {
  const isHttp = check.type === 'HTTP' || check.type === 'HTTPS' || check.type === 'GRPC';
  return {
    HealthSwitch: check.on ? 1 : 0,
    TimeOut: check.timeoutS,
    IntervalTime: check.intervalS,
    HealthNum: check.healthyCount,
    UnHealthNum: check.unhealthyCount,
    CheckType: check.type,
    SourceIpType: check.sourceIpType,
    CheckPort: check.port,
    HttpCode: isHttp ? check.httpCodes : null,
    HttpCheckPath: isHttp ? check.httpPath : null,
    HttpCheckDomain: isHttp ? check.httpDomain : null,
    HttpCheckMethod: isHttp ? check.httpMethod : null,
    HttpVersion: check.httpVersion,
    ContextType: check.custom?.format ?? null,
    SendContext: check.custom?.send ?? null,
    RecvContext: check.custom?.receive ?? null,
    ExtendedCode: check.grpcCodes,
  };
}
