import type { SecurityGroup, Subnet, Vpc } from '@/lib/estate/network-model';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import { toNetworkAccountType, toSecurityGroup, toSubnets, toVpcs } from './convert';

/** Reads the account's network billing; it is the same in every region, but the action requires one. */
export function readNetworkAccountType(reader: Reader, region: string): Promise<'STANDARD' | 'LEGACY'> {
  return reader.read(
    { service: 'vpc', action: 'DescribeNetworkAccountType', region, params: null },
    toNetworkAccountType,
  );
}

/** The largest page of both lists. */
const pageSize = 100;

/** Formats the page window as text, as both lists require. */
const textWindow = ({ Offset, Limit }: { readonly Offset: number; readonly Limit: number }) => ({
  Offset: String(Offset),
  Limit: String(Limit),
});

/** Returns all VPCs of a region. */
export function listVpcs(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly Vpc[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'vpc', action: 'DescribeVpcs', region, params: textWindow(window) }, (answer) =>
      toVpcs(answer, region, onOdd),
    ),
  );
}

/** Returns all subnets of a region. */
export function listSubnets(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly Subnet[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'vpc', action: 'DescribeSubnets', region, params: textWindow(window) }, (answer) =>
      toSubnets(answer, region, onOdd),
    ),
  );
}

/** Reads the inbound rules of a security group. */
export function readSecurityGroup(reader: Reader, region: string, id: string): Promise<SecurityGroup> {
  const params = { SecurityGroupId: id };
  return reader.read({ service: 'vpc', action: 'DescribeSecurityGroupPolicies', region, params }, (answer) =>
    toSecurityGroup(answer, region, id),
  );
}
