import type { TargetGroupHealthCheck } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { invalidValue } from '@/lib/sandbox/model/api-error';
import {
  checkContentAnswer,
  type GroupHealthCheckAnswer,
  toCheckContent,
} from '@/lib/sandbox/services/clb/listeners/health-check';
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
    throw invalidValue(
      `The parameter \`HealthCheck.Protocol\` must be one of ${allowed.join(', ')} in a ${protocol} group.`,
    );
  }
  const check: WorldHealthCheck = {
    ...present,
    on: input.HealthSwitch,
    port: input.Port ?? present.port,
    timeoutS: input.Timeout ?? present.timeoutS,
    intervalS: input.GapTime ?? present.intervalS,
    healthyCount: input.GoodLimit ?? present.healthyCount,
    unhealthyCount: input.BadLimit ?? present.unhealthyCount,
    ...toCheckContent(input, type, present),
  };
  if (check.timeoutS >= check.intervalS) {
    throw invalidValue('The parameter `HealthCheck.Timeout` must be less than `GapTime`.');
  }
  return check;
}

/** Returns a group's health check as the API shows it; port 0 means each target's own. */
export function groupHealthCheckAnswer(check: WorldHealthCheck): GroupHealthCheckAnswer {
  return {
    HealthSwitch: check.on,
    Protocol: check.type,
    Port: check.port ?? 0,
    Timeout: check.timeoutS,
    GapTime: check.intervalS,
    GoodLimit: check.healthyCount,
    BadLimit: check.unhealthyCount,
    JumboFrame: false,
    ...checkContentAnswer(check),
  };
}
