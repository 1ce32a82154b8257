import type {
  DescribeNetworkAccountTypeResponse,
  DescribeSubnetsResponse,
  DescribeVpcsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models.js';
import { z } from 'zod';
import type { Subnet, Vpc } from '@/lib/estate/network-model';
import type { Page } from '../pages';

/** How the account is billed for traffic. https://cloud.tencent.com/document/api/215/86509 */
export function toNetworkAccountType(answer: DescribeNetworkAccountTypeResponse): 'STANDARD' | 'LEGACY' {
  return z.object({ NetworkAccountType: z.enum(['STANDARD', 'LEGACY']) }).parse(answer).NetworkAccountType;
}

const WireVpc = z.object({
  VpcId: z.string().min(1),
  VpcName: z.string().nullish(),
  CidrBlock: z.string(),
  IsDefault: z.boolean().nullish(),
});

/** VPCs of one region. @throws ZodError when a field that we rely on is not as documented. */
export function toVpcs(answer: DescribeVpcsResponse, region: string): Page<Vpc> {
  const wire = z.object({ TotalCount: z.number().int(), VpcSet: z.array(WireVpc).nullish() }).parse(answer);
  const items = (wire.VpcSet ?? []).map((vpc) => ({
    id: vpc.VpcId,
    name: vpc.VpcName || vpc.VpcId,
    region,
    cidr: vpc.CidrBlock,
    isDefault: vpc.IsDefault === true,
  }));
  return { items, total: wire.TotalCount };
}

const WireSubnet = z.object({
  SubnetId: z.string().min(1),
  SubnetName: z.string().nullish(),
  VpcId: z.string().min(1),
  Zone: z.string(),
  CidrBlock: z.string(),
});

/** Subnets of one region. @throws ZodError when a field that we rely on is not as documented. */
export function toSubnets(answer: DescribeSubnetsResponse, region: string): Page<Subnet> {
  const wire = z
    .object({ TotalCount: z.number().int(), SubnetSet: z.array(WireSubnet).nullish() })
    .parse(answer);
  const items = (wire.SubnetSet ?? []).map((subnet) => ({
    id: subnet.SubnetId,
    name: subnet.SubnetName || subnet.SubnetId,
    region,
    vpcId: subnet.VpcId,
    zone: subnet.Zone,
    cidr: subnet.CidrBlock,
  }));
  return { items, total: wire.TotalCount };
}
