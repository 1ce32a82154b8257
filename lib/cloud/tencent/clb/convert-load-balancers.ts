import type { DescribeLoadBalancersResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { LoadBalancerId } from '@/lib/estate/ids';
import type { LoadBalancer } from '@/lib/estate/model';
import { type OnOdd, type Page, readEach } from '../call/pages';
import { list, readFlag, text, toNullableInstant } from './wire';

const WireLoadBalancer = z.object({
  LoadBalancerId,
  LoadBalancerName: text,
  LoadBalancerType: z.enum(['OPEN', 'INTERNAL']),
  Forward: z.union([z.literal(0), z.literal(1)]),
  LoadBalancerDomain: text,
  LoadBalancerVips: list(z.string()),
  Status: z.number().int(),
  VpcId: text,
  Isolation: z.number().int().nullish(),
  IsBlock: z.boolean().nullish(),
  AddressIPVersion: text,
  IPv6Mode: text,
  AddressIPv6: text,
  SlaType: z.string().nullish(),
  NetworkAttributes: z
    .object({ InternetChargeType: text, InternetMaxBandwidthOut: z.number().int().nullish() })
    .nullish(),
  CreateTime: text,
  AttributeFlags: z.array(z.string()).nullish(),
  SecureGroups: z.array(z.string()).nullish(),
  LoadBalancerPassToTarget: z.boolean().nullish(),
  Tags: list(z.object({ TagKey: z.string(), TagValue: z.string() })),
});

/** Values: https://cloud.tencent.com/document/api/214/30694#LoadBalancer. */
function getAddressFamily(wire: z.infer<typeof WireLoadBalancer>): LoadBalancer['addressFamily'] {
  const version = wire.AddressIPVersion?.toLowerCase();
  if (version === 'ipv4') return 'ipv4';
  if (version !== 'ipv6') return 'unknown';
  switch (wire.IPv6Mode?.toLowerCase()) {
    case 'ipv6nat64':
      return 'ipv6-nat64';
    case 'ipv6fullchain':
      return 'ipv6-full-chain';
    default:
      return 'unknown';
  }
}

const LoadBalancersAnswer = z.object({ TotalCount: z.number().int(), LoadBalancerSet: list(z.unknown()) });

/**
 * Converts the load balancers of one region.
 * @throws ZodError when a field that we rely on is not as documented, unless `onOdd` is given
 */
export function toLoadBalancers(
  answer: DescribeLoadBalancersResponse,
  region: string,
  onOdd?: OnOdd,
): Page<LoadBalancer> {
  const wire = LoadBalancersAnswer.parse(answer);
  const items = readEach(WireLoadBalancer, wire.LoadBalancerSet, 'LoadBalancerId', onOdd).map(
    (lb): LoadBalancer => ({
      id: lb.LoadBalancerId,
      name: lb.LoadBalancerName ?? lb.LoadBalancerId,
      region,
      generation: lb.Forward === 1 ? 'clb' : 'classic',
      network: lb.LoadBalancerType,
      vpcId: lb.VpcId === '0' ? null : lb.VpcId,
      addressFamily: getAddressFamily(lb),
      // The address of an IPv6 load balancer may be in either field.
      vips: lb.LoadBalancerVips.filter((vip) => !vip.includes(':')),
      ipv6: lb.AddressIPv6 ?? lb.LoadBalancerVips.find((vip) => vip.includes(':')) ?? null,
      domain: lb.LoadBalancerDomain,
      status: lb.Status === 1 ? 'running' : 'creating',
      isolated: lb.Isolation === 1,
      blocked: lb.IsBlock === true,
      stopped: readFlag(lb.AttributeFlags, 'Stop'),
      deleteProtected: readFlag(lb.AttributeFlags, 'DeleteProtect'),
      operationProtection: null,
      tags: Object.fromEntries(lb.Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
      wafFlag: readFlag(lb.AttributeFlags, 'WafFlag'),
      slaType: lb.SlaType ?? null,
      bandwidthMbps: lb.NetworkAttributes?.InternetMaxBandwidthOut ?? null,
      internetChargeType: lb.NetworkAttributes?.InternetChargeType ?? null,
      securityGroups: lb.SecureGroups ?? null,
      passToTarget: lb.LoadBalancerPassToTarget ?? null,
      createdAt: toNullableInstant(lb.CreateTime),
    }),
  );
  return { items, total: wire.TotalCount, count: wire.LoadBalancerSet.length };
}
