import { isIPv4, isIPv6 } from 'node:net';
import { ApiError } from '../api-error';
import { entry } from '../entry';

/** A name of RFC 1035 §2.3.4: labels of up to 63 bytes, 253 in all; with or without a trailing dot. */
const hostName =
  /^(?=.{1,254}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i;
const subdomain =
  /^(?=.{1,200}$)(@|\*|(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)$/i;

/**
 * Maximum length of a TXT record, in characters. Assumption: the API page gives no figure, only a code for too long.
 */
const textMax = 2048;

/** Types whose value ends in a name: DNSPod stores that with a trailing dot. */
const endsInName: ReadonlySet<string> = new Set(['CNAME', 'NS', 'MX', 'SRV']);

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function isService(value: string): boolean {
  const [priority = '', weight = '', port = '', target = '', ...more] = value.split(' ');
  return (
    more.length === 0 && [priority, weight, port].every(isPort) && (target === '.' || hostName.test(target))
  );
}

const isText = (value: string) => value.length > 0;

/**
 * The value tests by type: https://docs.dnspod.com/dns/601114eaf5ab591fcad80e4e/, RFC 1035, 2782 (SRV) and 8659 (CAA).
 */
const valueTests: Readonly<Record<string, (value: string) => boolean>> = {
  A: isIPv4,
  CNAME: (value) => hostName.test(value),
  MX: (value) => hostName.test(value),
  TXT: isText,
  NS: (value) => hostName.test(value),
  AAAA: (value) => isIPv6(value) && !value.includes('%'),
  SPF: isText,
  SRV: isService,
  CAA: (value) => {
    const [, flags = ''] = /^(\d{1,3}) (?:issue|issuewild|iodef) "[\x20-\x7e]*"$/.exec(value) ?? [];
    return flags !== '' && Number(flags) <= 255;
  },
};

const urlTypes: readonly string[] = ['显性URL', '隐性URL'];

/** All types, in the order of https://cloud.tencent.com/document/api/1427/56165. */
const recordTypes: readonly string[] = [...Object.keys(valueTests), ...urlTypes];

/**
 * Checks a value against its type.
 * @returns the value as DNSPod stores it.
 * @throws ApiError InvalidParameter.RecordTypeInvalid, InvalidParameter.RecordValueInvalid,
 * InvalidParameter.RecordValueLengthInvalid, and InvalidParameter.DomainNotBeian for URL forwarding: it requires a
 * domain with an ICP filing, which none of the sandbox's has
 */
export function recordValue(type: string, value: string): string {
  if (urlTypes.includes(type)) {
    throw new ApiError(
      'InvalidParameter.DomainNotBeian',
      'A domain without an ICP filing takes no URL record.',
    );
  }
  const test = entry(valueTests, type);
  if (!test) {
    throw new ApiError(
      'InvalidParameter.RecordTypeInvalid',
      `The parameter \`RecordType\` must be one of ${recordTypes.join(', ')}, not ${type}.`,
    );
  }
  if (value.length > textMax) {
    throw new ApiError(
      'InvalidParameter.RecordValueLengthInvalid',
      `The parameter \`Value\` must have ${textMax} characters at most.`,
    );
  }
  if (!test(value)) {
    throw new ApiError(
      'InvalidParameter.RecordValueInvalid',
      `The parameter \`Value\` does not fit a record of the type ${type}: ${value}.`,
    );
  }
  return endsInName.has(type) && !value.endsWith('.') ? `${value}.` : value;
}

/** Checks a host record. @throws ApiError InvalidParameter.SubdomainInvalid */
export function checkSubdomain(name: string): string {
  if (!subdomain.test(name)) {
    throw new ApiError(
      'InvalidParameter.SubdomainInvalid',
      `The parameter \`SubDomain\` is not a valid host record: ${name}.`,
    );
  }
  return name;
}
