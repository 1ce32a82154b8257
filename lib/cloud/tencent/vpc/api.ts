import type { Reader } from '../caller';
import { toNetworkAccountType } from './convert';

/** The account's network billing; the same in every region, but the action wants one. */
export function readNetworkAccountType(reader: Reader, region: string): Promise<'STANDARD' | 'LEGACY'> {
  return reader.read(
    { service: 'vpc', action: 'DescribeNetworkAccountType', region, params: null },
    toNetworkAccountType,
  );
}
