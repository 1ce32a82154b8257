/** The data of CVM and VPC. Times are epoch milliseconds. */

export type WorldInstance = {
  id: string;
  name: string;
  region: string;
  zone: string;
  vpcId: string;
  subnetId: string;
  state: 'RUNNING' | 'STOPPED';
  /** The start of this state; code that ends a `downSince` sets this to that time. */
  stateSince: number;
  /** A fault: from then on it runs but does not respond; null = it responds. */
  downSince: number | null;
  /** The primary address of its primary interface. */
  privateIp: string;
  /** Interfaces other than the primary one; absent = none. */
  interfaces?: WorldInterface[];
  publicIps: string[];
  /** Model, such as `S5.MEDIUM4`, with its cores and memory. */
  instanceType: string;
  cpu: number;
  memoryGb: number;
  imageId: string;
  osName: string;
  securityGroupIds: string[];
  tags: Record<string, string>;
  createdAt: number;
};

/**
 * A network interface that is attached to a server. Its addresses are of the server's VPC: secondary ones, or one for
 * each pod where pods have addresses of the VPC (https://www.tencentcloud.com/document/product/457/38970). They answer
 * while the server does.
 */
export type WorldInterface = {
  /** `eni-…` */
  id: string;
  privateIps: string[];
};

export type WorldVpc = {
  id: string;
  name: string;
  region: string;
  cidr: string;
  isDefault: boolean;
  tags: Record<string, string>;
  createdAt: number;
};

export type WorldSubnet = {
  id: string;
  name: string;
  vpcId: string;
  region: string;
  zone: string;
  cidr: string;
  tags: Record<string, string>;
  createdAt: number;
};

export type WorldIngressRule = {
  action: 'ACCEPT' | 'DROP';
  protocol: string;
  /** `ALL`, `80`, `80,443` or `8000-9000`. */
  ports: string;
  /** An IPv4 block or address. */
  source: string;
  description: string;
};

export type WorldSecurityGroup = {
  id: string;
  region: string;
  /** The first one counts first; outgoing traffic is free. */
  ingress: WorldIngressRule[];
  modifiedAt: number;
};
