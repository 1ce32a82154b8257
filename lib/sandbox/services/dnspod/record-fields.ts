import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { defaultLineId, type Line, lines, lineWithId } from '@/lib/sandbox/model/dns/lines';
import { checkSubdomain } from '@/lib/sandbox/model/dns/record-value';
import { entry } from '@/lib/sandbox/model/entry';
import type { WorldRecord } from '../../world/dnspod';

/** Returns true if a status means enabled. @throws ApiError InvalidParameterValue */
export function isEnabled(status: string): boolean {
  const wanted = status.toUpperCase();
  if (wanted !== 'ENABLE' && wanted !== 'DISABLE') {
    throw invalidValue('The parameter `Status` must be ENABLE or DISABLE.');
  }
  return wanted === 'ENABLE';
}

/**
 * Returns the weight to store. DNSPod's 0 turns weighting off, which is the same as no weight: it returns null for
 * both.
 */
export function toWeight(weight: number | undefined): number | null {
  return weight === undefined || weight === 0 ? null : weight;
}

/**
 * Returns the line of a record by a name, or by an id, which takes precedence. @throws ApiError
 * InvalidParameter.RecordLineInvalid
 */
export function recordLine(name: string, id: string | undefined): Pick<WorldRecord, 'line' | 'lineId'> {
  const line = resolveLine(name, id);
  return { line: line.name, lineId: line.id };
}

function whole(key: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) {
    throw invalidValue(`The field \`${key}\` must be a whole number.`);
  }
  return Number(value);
}

const fields: Readonly<Record<string, (value: string) => Partial<WorldRecord>>> = {
  sub_domain: (value) => ({ subdomain: checkSubdomain(value || '@') }),
  record_line: (value) => recordLine(value, undefined),
  record_line_id: (value) => recordLine('', value),
  record_type: (value) => ({ type: value }),
  value: (value) => ({ value }),
  ttl: (value) => ({ ttlS: whole('ttl', value) }),
  mx: (value) => ({ mx: whole('mx', value) }),
  status: (value) => ({ enabled: isEnabled(value) }),
  weight: (value) => ({ weight: toWeight(whole('weight', value)) }),
};

/**
 * Returns the change by a field of a record, given as text: https://cloud.tencent.com/document/api/1427/83364.
 * @throws ApiError InvalidParameterValue, InvalidParameter.SubdomainInvalid, InvalidParameter.RecordLineInvalid
 */
export function fieldChange(key: string, value: string): Partial<WorldRecord> {
  const change = entry(fields, key);
  if (!change) {
    throw invalidValue(`The field \`${key}\` must be one of ${Object.keys(fields).join(', ')}.`);
  }
  return change(value);
}

/**
 * Returns the line that a request means: the id takes precedence over the name, and the international site calls the
 * default line `Default`.
 * @throws ApiError InvalidParameter.RecordLineInvalid
 */
export function resolveLine(name: string, id: string | undefined): Pick<Line, 'id' | 'name'> {
  const wanted = name === 'Default' ? defaultLineId : lines.find((line) => line.name === name)?.id;
  const found = lineWithId(id || (wanted ?? ''));
  if (!found) {
    const field = id ? 'RecordLineId' : 'RecordLine';
    throw new ApiError(
      'InvalidParameter.RecordLineInvalid',
      `The parameter \`${field}\` names no record line: ${id || name}.`,
    );
  }
  return found;
}
