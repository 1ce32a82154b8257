import type { CreateTargetGroupRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { startBackendsTestCloud } from './backends-test-cloud';

export const VpcId = 'vpc-sinshop1';
export const web1 = { BindIP: '127.102.100.1', Port: 8080 };
export const web2 = { BindIP: '127.102.100.2', Port: 8080 };
export const weightless = { Type: 'v2', Protocol: 'HTTP', Port: 8080 };
export const v2 = { ...weightless, Weight: 20 };

/** Starts the backends' cloud, with shortcuts for calls on target groups. */
export async function startTargetGroupsTestCloud() {
  const backends = await startBackendsTestCloud();
  const { clb } = backends;
  return {
    backends,
    clb,
    /** @returns the code of a call that is refused */
    codeOf: async (call: () => Promise<unknown>) => (await backends.refused(call)).code,
    /** @returns the new group's id */
    async create(given: CreateTargetGroupRequest = {}): Promise<string> {
      const answer = await clb.CreateTargetGroup({ TargetGroupName: 'pool', VpcId, ...given });
      return answer.TargetGroupId ?? '';
    },
    async groups(given: object = {}) {
      return (await clb.DescribeTargetGroups(given)).TargetGroupSet ?? [];
    },
    /** @returns entries such as `ins-web00001:8080=10`: server, port and weight */
    instances: (groupId: string) =>
      backends.account.targetGroups[groupId]?.targets.map(
        ({ instanceId, port, weight }) => `${instanceId}:${port}=${weight}`,
      ),
  };
}
