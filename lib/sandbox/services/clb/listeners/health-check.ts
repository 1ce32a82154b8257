import type {
  HealthCheck,
  TargetGroupHealthCheck,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import type { WithNull } from '@/lib/sandbox/services/action';
import type { WorldHealthCheck, WorldListener, WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import { listenerHealthCheck, ruleHealthCheck } from '@/lib/sandbox/world/health-check';

/** The object that a health check belongs to: a layer-4 listener, or a rule of a layer-7 one. */
export type Checked = {
  readonly protocol: WorldListener['protocol'];
  readonly forwardType: WorldRule['forwardType'];
  readonly ipVersion: WorldLoadBalancer['ipVersion'];
};

type CheckType = WorldHealthCheck['type'];

/**
 * Kinds of checks by protocol, with the default first: https://cloud.tencent.com/document/api/214/30694#HealthCheck.
 */
const checkTypes: Readonly<Record<WorldListener['protocol'], readonly CheckType[]>> = {
  TCP: ['TCP', 'HTTP', 'CUSTOM'],
  UDP: ['PING', 'CUSTOM'],
  TCP_SSL: ['TCP', 'HTTP'],
  QUIC: ['TCP', 'HTTP'],
  HTTP: ['HTTP', 'GRPC'],
  HTTPS: ['HTTP', 'HTTPS', 'GRPC'],
};

/** Returns the default check of a listener or rule; on HTTPS its kind follows the backend protocol. */
export function usualHealthCheck({ protocol, forwardType }: Checked): WorldHealthCheck {
  if (protocol === 'HTTP' || protocol === 'HTTPS') {
    const type = forwardType === 'GRPCS' ? 'GRPC' : forwardType;
    return { ...ruleHealthCheck(), type, grpcCodes: type === 'GRPC' ? '12' : null };
  }
  return { ...listenerHealthCheck(), type: protocol === 'UDP' ? 'PING' : 'TCP' };
}

function refuse(field: string, must: string): never {
  throw invalidValue(`The parameter \`HealthCheck.${field}\` must ${must}.`);
}

/**
 * Returns the request and the expected response of a check; fields that the request leaves out keep their present
 * values.
 */
export function toCheckContent(
  input: HealthCheck | TargetGroupHealthCheck,
  type: CheckType,
  present: WorldHealthCheck,
) {
  const { HttpCheckMethod: method } = input;
  return {
    type,
    httpCodes: input.HttpCode ?? present.httpCodes,
    httpPath: input.HttpCheckPath ?? present.httpPath,
    httpDomain: input.HttpCheckDomain ?? present.httpDomain,
    httpMethod: method === undefined ? present.httpMethod : method.toUpperCase() === 'GET' ? 'GET' : 'HEAD',
    httpVersion: input.HttpVersion ?? present.httpVersion,
    custom: customCheck(input, type, present),
    grpcCodes: type === 'GRPC' ? (input.ExtendedCode ?? present.grpcCodes ?? '12') : null,
  } satisfies Partial<WorldHealthCheck>;
}

function parseCheckType(input: HealthCheck, present: WorldHealthCheck, { protocol }: Checked): CheckType {
  const allowed = checkTypes[protocol];
  if (input.CheckType === undefined) return present.type;
  const type = allowed.find((each) => each === input.CheckType);
  return type ?? refuse('CheckType', `be one of ${allowed.join(', ')} on ${protocol}`);
}

function customCheck(
  input: HealthCheck | TargetGroupHealthCheck,
  type: CheckType,
  present: WorldHealthCheck,
): WorldHealthCheck['custom'] {
  if (type !== 'CUSTOM') return null;
  const format = input.ContextType === undefined ? present.custom?.format : input.ContextType;
  const send = input.SendContext ?? present.custom?.send;
  const receive = input.RecvContext ?? present.custom?.receive;
  if (!format || send === undefined || receive === undefined) {
    throw missingParameter(
      'A health check of type CUSTOM needs `HealthCheck.ContextType`, `SendContext` and `RecvContext`.',
    );
  }
  if (format !== 'HEX') return { format: 'TEXT', send, receive };
  const isHex = (text: string) => /^([0-9A-F]{2})*$/.test(text);
  if (!isHex(send))
    refuse('SendContext', 'be an even number of digits 0-9 and A-F when `ContextType` is HEX');
  if (!isHex(receive))
    refuse('RecvContext', 'be an even number of digits 0-9 and A-F when `ContextType` is HEX');
  return { format, send, receive };
}

/**
 * Returns the health check of a request; fields that the request leaves out keep their present values. Ranges are value
 * rules; this checks the rules that connect fields: https://cloud.tencent.com/document/api/214/30694#HealthCheck.
 * @throws ApiError InvalidParameterValue, InvalidParameterValue.Range, MissingParameter
 */
export function toHealthCheck(
  input: HealthCheck | undefined,
  present: WorldHealthCheck,
  checked: Checked,
): WorldHealthCheck {
  if (input === undefined) return present;
  const type = parseCheckType(input, present, checked);
  const port = input.CheckPort ?? present.port;
  const check: WorldHealthCheck = {
    on: input.HealthSwitch === undefined ? present.on : input.HealthSwitch === 1,
    timeoutS: input.TimeOut ?? present.timeoutS,
    intervalS: input.IntervalTime ?? present.intervalS,
    healthyCount: input.HealthNum ?? present.healthyCount,
    unhealthyCount: input.UnHealthNum ?? present.unhealthyCount,
    port: port === -1 ? null : port,
    sourceIpType: input.SourceIpType === undefined ? present.sourceIpType : input.SourceIpType === 1 ? 1 : 0,
    ...toCheckContent(input, type, present),
  };
  if (check.timeoutS >= check.intervalS) refuse('TimeOut', 'be less than `IntervalTime`');
  if (checked.ipVersion === 'ipv6' && check.intervalS < 5) {
    throw invalidValue(
      'The parameter `HealthCheck.IntervalTime` must be between 5 and 300 on an IPv6 instance.',
    );
  }
  // The domain may be empty: the Terraform provider's acceptance tests send such checks
  // (github.com/tencentcloudstack/terraform-provider-tencentcloud, resource_tc_clb_listener_test.go).
  const hasDomain = input.HttpCheckDomain !== undefined || present.type === 'HTTP';
  if (checked.protocol === 'TCP' && type === 'HTTP' && !(hasDomain && check.httpVersion)) {
    throw missingParameter(
      'An HTTP health check of a TCP listener needs `HealthCheck.HttpCheckDomain` and `HttpVersion`.',
    );
  }
  return check;
}

/** Fields of a health check that have no value for its kind. */
type Unset =
  | 'ContextType'
  | 'ExtendedCode'
  | 'HttpCheckDomain'
  | 'HttpCheckMethod'
  | 'HttpCheckPath'
  | 'HttpCode'
  | 'HttpVersion'
  | 'RecvContext'
  | 'SendContext';
export type GroupHealthCheckAnswer = WithNull<TargetGroupHealthCheck, Unset>;
export type HealthCheckAnswer = WithNull<HealthCheck, Unset | 'CheckPort'>;

/** Returns the request and the expected response of a check in the API's form. */
export function checkContentAnswer(check: WorldHealthCheck): Pick<GroupHealthCheckAnswer, Unset> {
  const isHttp = check.type === 'HTTP' || check.type === 'HTTPS' || check.type === 'GRPC';
  return {
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

/** Returns a health check as the API shows it: https://cloud.tencent.com/document/api/214/30694#HealthCheck. */
export function healthCheckAnswer(check: WorldHealthCheck): HealthCheckAnswer {
  return {
    HealthSwitch: check.on ? 1 : 0,
    TimeOut: check.timeoutS,
    IntervalTime: check.intervalS,
    HealthNum: check.healthyCount,
    UnHealthNum: check.unhealthyCount,
    CheckType: check.type,
    SourceIpType: check.sourceIpType,
    CheckPort: check.port,
    ...checkContentAnswer(check),
  };
}
