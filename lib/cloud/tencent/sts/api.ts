import type { Reader } from '../caller';
import { toUin } from './convert';

/** Whose keys these are; wrong keys fail here first. */
export function readUin(reader: Reader, region: string): Promise<string> {
  return reader.read({ service: 'sts', action: 'GetCallerIdentity', region, params: null }, toUin);
}
