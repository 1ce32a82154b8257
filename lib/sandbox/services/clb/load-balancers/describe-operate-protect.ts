import type { LBOperateProtectInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { action, type WithNull } from '@/lib/sandbox/services/action';
import { cloudTime } from '@/lib/sandbox/world/clock';

type Answer = {
  LoadBalancerSet: WithNull<LBOperateProtectInfo, 'OperatorUin' | 'Description' | 'ModifyTime'>[];
};

/**
 * Returns the operation protection of load balancers; unknown ids are left out. DescribeLBOperateProtect of
 * github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json.
 */
export const describeLBOperateProtect = action<'clb.DescribeLBOperateProtect', Answer>(
  ({ LoadBalancerIds }, { account, region }) => ({
    LoadBalancerSet: LoadBalancerIds.flatMap((id) => {
      const loadBalancer = account.loadBalancers[id];
      if (loadBalancer === undefined || loadBalancer.region !== region) return [];
      const { operationProtection: protection } = loadBalancer;
      return {
        LoadBalancerId: id,
        ProtectState: protection !== undefined,
        OperatorUin: protection?.operatorUin ?? null,
        Description: protection?.description ?? null,
        ModifyTime: protection === undefined ? null : cloudTime(protection.modifiedAt),
      };
    }),
  }),
);
