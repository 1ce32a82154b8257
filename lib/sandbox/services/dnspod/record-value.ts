import { isIPv4, isIPv6 } from 'node:net';
import { ApiError } from '../../api/api-error';
import { entry } from '../entry';

const hostName = /^(?=.{1,254}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,62}\.?$/i;
const subdomain =
  /^(@|\*|(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)$/i;

/** Types whose value is a name: DNSPod keeps it with a dot at the end. */
const nameTypes: ReadonlySet<string> = new Set(['CNAME', 'NS', 'MX']);

const valueTests: Readonly<Record<string, (value: string) => boolean>> = {
  A: isIPv4,
  AAAA: isIPv6,
  CNAME: (value) => hostName.test(value),
  NS: (value) => hostName.test(value),
  MX: (value) => hostName.test(value),
  TXT: (value) => value.length > 0 && value.length <= 512,
  CAA: (value) => /^\d+ (issue|issuewild|iodef) "[^"]*"$/.test(value),
  SRV: (value) => /^\d+ \d+ \d+ \S+$/.test(value),
};

/**
 * Checks a value against its type.
 * @returns the value as DNSPod keeps it.
 * @throws ApiError InvalidParameter.RecordTypeInvalid, InvalidParameter.RecordValueInvalid
 */
export function recordValue(type: string, value: string): string {
  const test = entry(valueTests, type);
  if (!test) {
    throw new ApiError(
      'InvalidParameter.RecordTypeInvalid',
      `The record type ${type} is not known to the sandbox, which has ${Object.keys(valueTests).join(', ')}.`,
    );
  }
  if (!test(value)) {
    throw new ApiError(
      'InvalidParameter.RecordValueInvalid',
      `The value ${value} does not fit a ${type} record.`,
    );
  }
  return nameTypes.has(type) && !value.endsWith('.') ? `${value}.` : value;
}

/** @throws ApiError InvalidParameter.SubdomainInvalid */
export function checkSubdomain(name: string): string {
  if (!subdomain.test(name)) {
    throw new ApiError('InvalidParameter.SubdomainInvalid', `The host record ${name} is not valid.`);
  }
  return name;
}
