import type {
  DescribeNetworkAccountTypeResponse,
  DescribeSecurityGroupPoliciesResponse,
  DescribeSubnetsResponse,
  DescribeVpcsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models.js';
import { z } from 'zod';
import type { SecurityGroup, Subnet, Vpc } from '@/lib/estate/network-model';
import { type OnOdd, type Page, readEach } from '../call/pages';

const NetworkAccountTypeAnswer = z.object({ NetworkAccountType: z.enum(['STANDARD', 'LEGACY']) });

/** Converts how the account is billed for traffic. https://cloud.tencent.com/document/api/215/86509 */
export function toNetworkAccountType(answer: DescribeNetworkAccountTypeResponse): 'STANDARD' | 'LEGACY' {
  return NetworkAccountTypeAnswer.parse(answer).NetworkAccountType;
}

const WireVpc = z.object({
  VpcId: z.string().min(1),
  VpcName: z.string().nullish(),
  CidrBlock: z.string(),
  IsDefault: z.boolean().nullish(),
});

const VpcsAnswer = z.object({ TotalCount: z.number().int(), VpcSet: z.array(z.unknown()).nullish() });

/** VPCs of one region. @throws ZodError when a field that we rely on is not as documented, unless `onOdd` handles it */
export function toVpcs(answer: DescribeVpcsResponse, region: string, onOdd?: OnOdd): Page<Vpc> {
  const wire = VpcsAnswer.parse(answer);
  const items = readEach(WireVpc, wire.VpcSet, 'VpcId', onOdd).map((vpc) => ({
    id: vpc.VpcId,
    name: vpc.VpcName || vpc.VpcId,
    region,
    cidr: vpc.CidrBlock,
    isDefault: vpc.IsDefault === true,
  }));
  return { items, total: wire.TotalCount, count: wire.VpcSet?.length ?? 0 };
}

const WireSubnet = z.object({
  SubnetId: z.string().min(1),
  SubnetName: z.string().nullish(),
  VpcId: z.string().min(1),
  Zone: z.string(),
  CidrBlock: z.string(),
});

const SubnetsAnswer = z.object({ TotalCount: z.number().int(), SubnetSet: z.array(z.unknown()).nullish() });

/**
 * Subnets of one region. @throws ZodError when a field that we rely on is not as documented, unless `onOdd` handles it
 */
export function toSubnets(answer: DescribeSubnetsResponse, region: string, onOdd?: OnOdd): Page<Subnet> {
  const wire = SubnetsAnswer.parse(answer);
  const items = readEach(WireSubnet, wire.SubnetSet, 'SubnetId', onOdd).map((subnet) => ({
    id: subnet.SubnetId,
    name: subnet.SubnetName || subnet.SubnetId,
    region,
    vpcId: subnet.VpcId,
    zone: subnet.Zone,
    cidr: subnet.CidrBlock,
  }));
  return { items, total: wire.TotalCount, count: wire.SubnetSet?.length ?? 0 };
}

const filled = z
  .string()
  .nullish()
  .transform((value) => value || null);

const WirePolicy = z.object({
  Action: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['ACCEPT', 'DROP'])),
  Protocol: filled,
  Port: filled,
  CidrBlock: filled,
  Ipv6CidrBlock: filled,
});

const WirePolicies = z.object({
  SecurityGroupPolicySet: z.object({ Ingress: z.array(WirePolicy).nullish() }),
});

/**
 * Converts the rules for the traffic that a security group lets in. Templates and groups that a rule names are not
 * resolved.
 * @throws ZodError when a rule is not as documented: the rules after it would count for more than they do
 */
export function toSecurityGroup(
  answer: DescribeSecurityGroupPoliciesResponse,
  region: string,
  id: string,
): SecurityGroup {
  const { Ingress: ingress } = WirePolicies.parse(answer).SecurityGroupPolicySet;
  return {
    id,
    region,
    ingress: (ingress ?? []).map((policy) => ({
      action: policy.Action,
      protocol: policy.Protocol?.toUpperCase() ?? null,
      ports: policy.Port?.toUpperCase() ?? 'ALL',
      source: policy.CidrBlock ?? policy.Ipv6CidrBlock,
    })),
  };
}
