import type { Reader } from '../call/caller';
import { type CallerIdentity, toCaller } from './convert';

/** Reads the owner of the keys; wrong keys fail here first. */
export function readCaller(reader: Reader, region: string): Promise<CallerIdentity> {
  return reader.read({ service: 'sts', action: 'GetCallerIdentity', region, params: null }, toCaller);
}
