import type { Reader } from '../call/caller';
import { type CallerIdentity, toCaller } from './convert';

/**
 * Reads the owner of the keys; wrong keys fail here first. From then on their calls count for that user, as they do in the
 * cloud: https://cloud.tencent.com/document/product/1278/109059. What the calls of a role count for is not documented;
 * they count for the key that assumed it.
 */
export function readCaller(reader: Reader, region: string): Promise<CallerIdentity> {
  const request = { service: 'sts', action: 'GetCallerIdentity', region, params: null } as const;
  return reader.countForUser(() => reader.read(request, toCaller));
}
