/** What CVM and VPC keep. Times are epoch milliseconds. */

export type WorldInstance = {
  id: string;
  name: string;
  region: string;
  zone: string;
  vpcId: string;
  subnetId: string;
  state: 'RUNNING' | 'STOPPED';
  /** Since when; whoever ends a `downSince` puts the time of that here. */
  stateSince: number;
  /** A fault: from then on it runs and answers nobody; null = it answers. */
  downSince: number | null;
  privateIp: string;
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
