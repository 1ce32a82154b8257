/** What CVM and VPC keep. */

export type WorldInstance = {
  id: string;
  name: string;
  region: string;
  zone: string;
  vpcId: string;
  subnetId: string;
  state: 'RUNNING' | 'STOPPED';
  /** Since when, epoch milliseconds; whoever ends a `downSince` puts the time of that here. */
  stateSince: number;
  /** A fault: from then on it runs and answers nobody; null = it answers. */
  downSince: number | null;
  privateIp: string;
};

export type WorldVpc = {
  id: string;
  name: string;
  region: string;
  cidr: string;
  isDefault: boolean;
  createdAt: number;
};

export type WorldSubnet = {
  id: string;
  name: string;
  vpcId: string;
  region: string;
  zone: string;
  cidr: string;
  createdAt: number;
};
