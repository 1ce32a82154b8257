import { z } from 'zod';

/** Where load balancers and servers may stand: what a region has, used or not. */

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
