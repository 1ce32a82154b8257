import type { WorldRecord, WorldZone } from '@/lib/sandbox/world/dnspod';
import { ApiError } from '../api-error';
import { defaultLineId, lineWithId } from './lines';
import { getDnsPlan } from './plans';

/** https://cloud.tencent.com/document/api/1427/56180. */
export const ttlMaxS = 604_800;
const mxMax = 65_535;
const weightMax = 100;

/** The code that the cloud returns for a CNAME beside other records: an assumption. */
export type ConflictCode = 'InvalidParameter.DomainRecordExist' | 'InvalidParameter.CustomMessage';

function refuseIf(broken: boolean, code: string, message: string): void {
  if (broken) throw new ApiError(code, message);
}

function checkNumbers(zone: WorldZone, record: WorldRecord): void {
  const { minTtlS } = getDnsPlan(zone.grade);
  refuseIf(
    record.ttlS < minTtlS || record.ttlS > ttlMaxS,
    'LimitExceeded.RecordTtlLimit',
    `The TTL of the plan ${zone.grade} must be between ${minTtlS} and ${ttlMaxS} s, not ${record.ttlS}.`,
  );
  const weight = record.weight ?? 0;
  refuseIf(
    weight < 0 || weight > weightMax,
    'InvalidParameter.InvalidWeight',
    `The weight must be between 0 and ${weightMax}.`,
  );
  refuseIf(
    record.mx < 0 || record.mx > mxMax,
    'InvalidParameter.MxInvalid',
    `The MX must be between 0 and ${mxMax}.`,
  );
}

/**
 * Checks the plan's limits on names and lines: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/dnspod/v20210323/DescribePackageDetail.md, and https://cloud.tencent.com/document/api/1427/104320.
 */
function checkPlan(zone: WorldZone, record: WorldRecord): void {
  const plan = getDnsPlan(zone.grade);
  const levels = record.subdomain === '@' ? 0 : record.subdomain.split('.').length;
  const isWild = record.subdomain.startsWith('*');
  refuseIf(
    levels > (isWild ? plan.wildcardLevelMax : plan.levelMax),
    isWild ? 'LimitExceeded.SubdomainWcardLimit' : 'LimitExceeded.SubdomainLevelLimit',
    `The plan ${zone.grade} takes at most ${plan.levelMax} levels; ${record.subdomain} has ${levels}.`,
  );
  refuseIf(
    !mayUseLine(zone, record.lineId),
    'InvalidParameter.RecordLineInvalid',
    `The plan ${zone.grade} does not have the record line ${record.line}.`,
  );
}

/** Returns whether the plan of a zone has the line. */
export function mayUseLine(zone: Pick<WorldZone, 'grade'>, lineId: string): boolean {
  const line = lineWithId(lineId);
  if (line === null) return false;
  return line.plan === 'DP_FREE' || getDnsPlan(zone.grade).level >= getDnsPlan(line.plan).level;
}

/**
 * Returns whether two records conflict. A CNAME must be the only record at its name and line
 * (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2), but DNSPod allows one at the apex beside its own NS records:
 * it refuses that only with DNSSEC on (`InvalidParameter.DnssecAddCnameError` in
 * https://cloud.tencent.com/document/api/1427/56180).
 */
function conflicts(a: WorldRecord, b: WorldRecord): boolean {
  return a.type !== b.type && (a.type === 'CNAME' || b.type === 'CNAME') && !b.defaultNs;
}

/**
 * Checks a record as it would be in its zone. Only enabled records conflict and count against the plan's limit of
 * records of one name, type and line: a disabled one is not checked against it, as the API page states.
 * @throws ApiError LimitExceeded.RecordTtlLimit, LimitExceeded.SubdomainRollLimit, LimitExceeded.SubdomainLevelLimit,
 * LimitExceeded.SubdomainWcardLimit, LimitExceeded.AtNsRecordLimit, InvalidParameter.InvalidWeight,
 * InvalidParameter.MxInvalid, InvalidParameter.RecordLineInvalid, InvalidParameter.DomainRecordExist,
 * FailedOperation.MustAddDefaultLineFirst
 */
export function checkRecord(zone: WorldZone, record: WorldRecord, conflictCode: ConflictCode): void {
  checkNumbers(zone, record);
  checkPlan(zone, record);
  const { subdomain, type, value, line, lineId } = record;
  refuseIf(
    type === 'NS' && subdomain === '@' && lineId !== defaultLineId,
    'LimitExceeded.AtNsRecordLimit',
    'NS records of `@` are allowed on the default line only.',
  );
  const neighbours = zone.records.filter(
    (other) => other.id !== record.id && other.subdomain.toLowerCase() === subdomain.toLowerCase(),
  );
  refuseIf(
    lineId !== defaultLineId &&
      !neighbours.some((other) => other.lineId === defaultLineId && !other.defaultNs),
    'FailedOperation.MustAddDefaultLineFirst',
    `Add a record of ${subdomain} on the default line first.`,
  );
  const onLine = neighbours.filter((other) => other.lineId === lineId);
  refuseIf(
    onLine.some((other) => other.type === type && other.value === value),
    'InvalidParameter.DomainRecordExist',
    `The record ${subdomain} ${type} ${value} exists already on the line ${line}.`,
  );
  if (!record.enabled) return;
  const enabled = onLine.filter((other) => other.enabled);
  const rival = enabled.find((other) => conflicts(record, other));
  refuseIf(
    rival !== undefined,
    conflictCode,
    `A ${type} record of ${subdomain} conflicts with the ${rival?.type} record ${rival?.id}.`,
  );
  const { sameNameMax } = getDnsPlan(zone.grade);
  refuseIf(
    enabled.filter((other) => other.type === type).length >= sameNameMax,
    'LimitExceeded.SubdomainRollLimit',
    `The plan ${zone.grade} takes at most ${sameNameMax} records of one name, type and line.`,
  );
}

/** Returns the key under which effects on a record are counted: `example.com/www/556507778`. */
export function recordObject(zone: { name: string }, record: WorldRecord): string {
  return `${zone.name}/${record.subdomain}/${record.id}`;
}

/** Refuses to change DNSPod's own NS records. @throws ApiError FailedOperation */
export function refuseDefaultNs(record: WorldRecord): void {
  if (!record.defaultNs) return;
  throw new ApiError(
    'FailedOperation',
    `The record ${record.id} is one of DNSPod's own NS records and stays as it is.`,
  );
}
