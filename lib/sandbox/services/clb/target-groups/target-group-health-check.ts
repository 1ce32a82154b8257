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

/**
 * Returns the health check of a new group: on by default, like that of a rule (assumption). Ranges are value rules.
 * @throws ApiError InvalidParameterValue, MissingParameter
 */
export function toGroupHealthCheck(
  input: TargetGroupHealthCheck | undefined,
  protocol: Protocol,
): WorldHealthCheck {
  const [usualType = 'TCP'] = checkTypes[protocol];
  const usual = {
    ...(protocol === 'TCP' || protocol === 'UDP' ? listenerHealthCheck() : ruleHealthCheck()),
    type: usualType,
    grpcCodes: usualType === 'GRPC' ? '12' : null,
  };
  if (input === undefined) return usual;
  const allowed = checkTypes[protocol];
  const type = input.Protocol === undefined ? usual.type : allowed.find((each) => each === input.Protocol);
  if (type === undefined) {
    throw invalidValue(
      `The parameter \`HealthCheck.Protocol\` must be one of ${allowed.join(', ')} in a ${protocol} group.`,
    );
  }
  const check: WorldHealthCheck = {
    ...usual,
    on: input.HealthSwitch,
    port: input.Port ?? usual.port,
    timeoutS: input.Timeout ?? usual.timeoutS,
    intervalS: input.GapTime ?? usual.intervalS,
    healthyCount: input.GoodLimit ?? usual.healthyCount,
    unhealthyCount: input.BadLimit ?? usual.unhealthyCount,
    ...toCheckContent(input, type, usual),
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
