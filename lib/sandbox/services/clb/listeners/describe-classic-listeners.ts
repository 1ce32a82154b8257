import type {
  ClassicalListener,
  DescribeClassicalLBListenersRequest,
  DescribeClassicalLBListenersResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { requireLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldListener } from '@/lib/sandbox/world/clb';
import { healthCheckAnswer } from './health-check-answer';

const hashes = { WRR: 'wrr', LEAST_CONN: 'least_conn', IP_HASH: 'ip_hash' } as const;

/**
 * Returns a listener of a classic instance. These have no rules: the rule that the sandbox stores in one represents the
 * listener itself.
 */
function listenerAnswer(listener: WorldListener): ClassicalListener {
  const [rule] = listener.rules;
  const [target] = [...listener.targets, ...(rule?.targets ?? [])];
  const held = rule?.healthCheck ?? listener.healthCheck;
  const check = held && healthCheckAnswer(held);
  const { certificate } = listener;
  return {
    ListenerId: listener.id,
    ListenerPort: listener.port,
    InstancePort: target?.port ?? listener.port,
    ListenerName: listener.name,
    Protocol: listener.protocol,
    SessionExpire: rule?.sessionExpireS ?? listener.sessionExpireS,
    HealthSwitch: check?.HealthSwitch ?? 0,
    TimeOut: check?.TimeOut ?? 0,
    IntervalTime: check?.IntervalTime ?? 0,
    HealthNum: check?.HealthNum ?? 0,
    UnhealthNum: check?.UnHealthNum ?? 0,
    HttpHash: rule ? hashes[rule.scheduler] : '',
    HttpCode: check?.HttpCode ?? 0,
    HttpCheckPath: check?.HttpCheckPath ?? '',
    SSLMode: certificate?.mode ?? '',
    CertId: certificate?.ids[0] ?? '',
    CertCaId: certificate?.caId ?? '',
    Status: 1,
  };
}

/** DescribeClassicalLBListeners of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. */
export const describeClassicalLBListeners = action<
  DescribeClassicalLBListenersRequest,
  DescribeClassicalLBListenersResponse
>((request, context) => {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  if (loadBalancer.forward !== 0) {
    throw new ApiError(
      'InvalidParameterValue',
      `This interface only supports classic CLB instances, which ${loadBalancer.id} is not.`,
    );
  }
  const { ListenerIds: ids = [], Protocol: protocol, ListenerPort: port, Status: status = 1 } = request;
  const found = loadBalancer.listeners.filter(
    (listener) =>
      status === 1 &&
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (port === undefined || listener.port === port),
  );
  return { Listeners: found.map(listenerAnswer) };
});
