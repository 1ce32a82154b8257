import type { TargetGroupHealthCheck } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WithNull } from '@/lib/sandbox/services/action';
import type { WorldHealthCheck, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { listenerHealthCheck, ruleHealthCheck } from '@/lib/sandbox/world/health-check';

type Protocol = NonNullable<WorldTargetGroup['protocol']>;

/**
 * Kinds of checks by protocol, with the default first:
 * https://cloud.tencent.com/document/api/214/30694#TargetGroupHealthCheck.
 */
const checkTypes: Readonly<Record<Protocol, readonly WorldHealthCheck['type'][]>> = {
  TCP: ['TCP', 'HTTP', 'CUSTOM'],
  UDP: ['PING', 'CUSTOM'],
  HTTP: ['HTTP', 'TCP'],
  HTTPS: ['HTTPS', 'TCP'],
  GRPC: ['GRPC', 'TCP'],
};

/** Returns the default check of a new group: on, like that of a rule (assumption). */
export function usualGroupCheck(protocol: Protocol): WorldHealthCheck {
  const [type = 'TCP'] = checkTypes[protocol];
  const usual = protocol === 'TCP' || protocol === 'UDP' ? listenerHealthCheck() : ruleHealthCheck();
  return { ...usual, type, grpcCodes: type === 'GRPC' ? '12' : null };
}

/**
 * Returns a group's health check from a request; fields that it leaves out keep their present values. Ranges are value
 * rules.
 * @throws ApiError InvalidParameterValue, MissingParameter
 */
export function toGroupHealthCheck(
  input: TargetGroupHealthCheck | undefined,
  present: WorldHealthCheck,
  protocol: Protocol,
): WorldHealthCheck {
  if (input === undefined) return present;
  const allowed = checkTypes[protocol];
  const type = input.Protocol === undefined ? present.type : allowed.find((each) => each === input.Protocol);
  if (type === undefined) {
    throw new ApiError(
      'InvalidParameterValue',
      `The parameter \`HealthCheck.Protocol\` must be one of ${allowed.join(', ')} in a ${protocol} group.`,
    );
  }
  const check: WorldHealthCheck = {
    ...present,
    on: input.HealthSwitch,
    type,
    port: input.Port ?? present.port,
    timeoutS: input.Timeout ?? present.timeoutS,
    intervalS: input.GapTime ?? present.intervalS,
    healthyCount: input.GoodLimit ?? present.healthyCount,
    unhealthyCount: input.BadLimit ?? present.unhealthyCount,
    httpCodes: input.HttpCode ?? present.httpCodes,
    httpDomain: input.HttpCheckDomain ?? present.httpDomain,
    httpPath: input.HttpCheckPath ?? present.httpPath,
    httpMethod: input.HttpCheckMethod === undefined ? present.httpMethod : parseMethod(input.HttpCheckMethod),
    httpVersion: input.HttpVersion ?? present.httpVersion,
    grpcCodes: type === 'GRPC' ? (input.ExtendedCode ?? present.grpcCodes ?? '12') : null,
    custom: customCheck(input, type, present),
  };
  if (check.timeoutS >= check.intervalS) {
    throw new ApiError(
      'InvalidParameterValue',
      'The parameter `HealthCheck.Timeout` must be less than `GapTime`.',
    );
  }
  return check;
}

function parseMethod(method: string): WorldHealthCheck['httpMethod'] {
  return method.toUpperCase() === 'GET' ? 'GET' : 'HEAD';
}

function customCheck(
  input: TargetGroupHealthCheck,
  type: WorldHealthCheck['type'],
  present: WorldHealthCheck,
): WorldHealthCheck['custom'] {
  if (type !== 'CUSTOM') return null;
  const format = input.ContextType ?? present.custom?.format;
  const send = input.SendContext ?? present.custom?.send;
  const receive = input.RecvContext ?? present.custom?.receive;
  if (!format || send === undefined || receive === undefined) {
    throw new ApiError(
      'MissingParameter',
      'A health check of type CUSTOM needs `HealthCheck.ContextType`, `SendContext` and `RecvContext`.',
    );
  }
  return { format: format === 'HEX' ? 'HEX' : 'TEXT', send, receive };
}

/** Fields of a group's check that have no value for its kind. */
export type GroupHealthCheckAnswer = WithNull<
  TargetGroupHealthCheck,
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

/** Returns a group's health check as the API shows it; port 0 means each target's own. */
export function groupHealthCheckAnswer(check: WorldHealthCheck): GroupHealthCheckAnswer {
  const isHttp = check.type === 'HTTP' || check.type === 'HTTPS' || check.type === 'GRPC';
  return {
    HealthSwitch: check.on,
    Protocol: check.type,
    Port: check.port ?? 0,
    Timeout: check.timeoutS,
    GapTime: check.intervalS,
    GoodLimit: check.healthyCount,
    BadLimit: check.unhealthyCount,
    JumboFrame: false,
    HttpCode: isHttp ? check.httpCodes : null,
    HttpCheckDomain: isHttp ? check.httpDomain : null,
    HttpCheckPath: isHttp ? check.httpPath : null,
    HttpCheckMethod: isHttp ? check.httpMethod : null,
    ContextType: check.custom?.format ?? null,
    SendContext: check.custom?.send ?? null,
    RecvContext: check.custom?.receive ?? null,
    HttpVersion: check.httpVersion,
    ExtendedCode: check.grpcCodes,
  };
}
