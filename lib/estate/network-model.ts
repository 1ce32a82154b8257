import { z } from 'zod';

/** Networks and zones in which load balancers and servers may be placed: everything a region offers, used or not. */

/** DescribeVpcs, https://cloud.tencent.com/document/api/215/15778. */
export const Vpc = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  /** IPv4 block, such as `10.0.0.0/16`. */
  cidr: z.string(),
  isDefault: z.boolean(),
});
export type Vpc = z.infer<typeof Vpc>;

/** DescribeSubnets, https://cloud.tencent.com/document/api/215/15784. */
export const Subnet = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  vpcId: z.string(),
  /** Code of an availability zone. */
  zone: z.string(),
  cidr: z.string(),
});
export type Subnet = z.infer<typeof Subnet>;

/** DescribeZones, https://cloud.tencent.com/document/api/213/15707. */
export const AvailabilityZone = z.object({
  /** Its code, such as `ap-singapore-1`. */
  id: z.string(),
  name: z.string(),
  region: z.string(),
  isAvailable: z.boolean(),
});
export type AvailabilityZone = z.infer<typeof AvailabilityZone>;

/** A rule for what comes in. */
export const IngressRule = z.object({
  action: z.enum(['ACCEPT', 'DROP']),
  /** `TCP`, `UDP`, `ICMP`, `ALL` and the like; null = a template defines protocols and ports. */
  protocol: z.string().nullable(),
  /** `ALL`, one port, several (`80,443`) or a span (`8000-9000`). */
  ports: z.string(),
  /** A block or an address; null = a template or another group defines it. */
  source: z.string().nullable(),
});
export type IngressRule = z.infer<typeof IngressRule>;

/** DescribeSecurityGroupPolicies, https://www.tencentcloud.com/document/api/215/15804. */
export const SecurityGroup = z.object({
  id: z.string(),
  region: z.string(),
  /** The first one counts first. */
  ingress: z.array(IngressRule),
});
export type SecurityGroup = z.infer<typeof SecurityGroup>;
