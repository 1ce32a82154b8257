import type {
  DescribeLBOperateProtectResponse,
  DescribeQuotaResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import type { ClbQuota, CustomConfig } from '@/lib/estate/account-model';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import { type ConfigBinding, toConfigBindings, toCustomConfigs } from './convert-custom-configs';
import { toTargetHealths } from './convert-health';
import { list, text } from './wire';

const WireQuotas = z.object({
  QuotaSet: list(z.object({ QuotaId: z.string(), QuotaLimit: z.number().int() })),
});

/**
 * Converts the quotas of a region; null for one that is missing. Names:
 * https://cloud.tencent.com/document/api/214/30694#Quota
 */
function toClbQuota(answer: DescribeQuotaResponse, region: string): ClbQuota {
  const { QuotaSet: quotas } = WireQuotas.parse(answer);
  const findLimit = (id: string) => quotas.find((quota) => quota.QuotaId === id)?.QuotaLimit ?? null;
  return {
    region,
    listenersPerLoadBalancer: findLimit('TOTAL_LISTENER_QUOTA'),
    rulesPerListener: findLimit('TOTAL_LISTENER_RULE_QUOTA'),
    targetsPerRule: findLimit('TOTAL_TARGET_BIND_QUOTA'),
    publicLoadBalancers: findLimit('TOTAL_OPEN_CLB_QUOTA'),
    internalLoadBalancers: findLimit('TOTAL_INTERNAL_CLB_QUOTA'),
  };
}

/**
 * The load balancers in one DescribeTargetHealth call. The cloud allows 30 (https://cloud.tencent.com/document/api/214/34898),
 * but a process that converts the health of thousands of targets at once sends nothing meanwhile, and its other calls
 * lose their place in the rate.
 */
export const healthBatch = 10;

/** Reads the health of all targets of some load balancers, at most {@link healthBatch} of the current generation. */
export function readHealth(
  reader: Reader,
  region: string,
  loadBalancerIds: readonly LoadBalancerId[],
  onOdd: OnOdd,
) {
  const params = { LoadBalancerIds: [...loadBalancerIds] };
  return reader.read({ service: 'clb', action: 'DescribeTargetHealth', region, params }, (answer) =>
    toTargetHealths(answer, onOdd),
  );
}

const Protections = z.object({
  LoadBalancerSet: list(
    z.object({
      LoadBalancerId: z.string(),
      ProtectState: z.boolean(),
      OperatorUin: text,
      Description: text,
    }),
  ),
});

function toProtections(answer: DescribeLBOperateProtectResponse) {
  return new Map(
    Protections.parse(answer)
      .LoadBalancerSet.filter(({ ProtectState }) => ProtectState)
      .map((each) => [each.LoadBalancerId, { operatorUin: each.OperatorUin, note: each.Description ?? '' }]),
  );
}

/** The load balancers in one DescribeLBOperateProtect call; the largest number is not published. */
export const protectionBatch = 20;

/** Reads the operation protection of load balancers, at most {@link protectionBatch}; without it, one has no entry. */
export function readProtections(reader: Reader, region: string, loadBalancerIds: readonly LoadBalancerId[]) {
  const params = { LoadBalancerIds: [...loadBalancerIds] };
  return reader.read({ service: 'clb', action: 'DescribeLBOperateProtect', region, params }, toProtections);
}

/** Reads the quotas of a region. */
export function readClbQuota(reader: Reader, region: string): Promise<ClbQuota> {
  return reader.read({ service: 'clb', action: 'DescribeQuota', region, params: null }, (answer) =>
    toClbQuota(answer, region),
  );
}

const scopes: readonly CustomConfig['scope'][] = ['CLB', 'SERVER', 'LOCATION'];

/** The page size of both lists of configurations; the largest is not published, most of CLB's lists take 100. */
const pageSize = 100;

/** Lists the custom configurations of a region with what they are bound to. */
export async function listCustomConfigs(
  reader: Reader,
  region: string,
  onOdd: OnOdd,
): Promise<readonly CustomConfig[]> {
  const lists = await Promise.all(
    scopes.map((scope) =>
      readPages(pageSize, (window) =>
        reader.read(
          {
            service: 'clb',
            action: 'DescribeCustomizedConfigList',
            region,
            params: { ConfigType: scope, ...window },
          },
          (answer) => toCustomConfigs(answer, { region, scope }, onOdd),
        ),
      ),
    ),
  );
  const configs = lists.flat();
  const bindings: readonly ConfigBinding[] =
    configs.length === 0 ? [] : await listBindings(reader, region, onOdd);
  return configs.map((config) => ({
    ...config,
    bindings: bindings
      .filter(({ configId }) => configId === config.id)
      .map(({ configId: _, ...binding }) => binding),
  }));
}

function listBindings(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly ConfigBinding[]> {
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'clb', action: 'DescribeCustomizedConfigAssociateList', region, params: window },
      (answer) => toConfigBindings(answer, onOdd),
    ),
  );
}
