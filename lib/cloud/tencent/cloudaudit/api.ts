import type { AuditEvent, AuditTrail } from '@/lib/estate/history/audit';
import type { Reader } from '../call/caller';
import { toAuditPage } from './convert';

/**
 * Regions where the audit trail of the whole account can be queried:
 * https://www.tencentcloud.com/document/product/1021/42703
 */
const regions: readonly string[] = [
  'ap-guangzhou',
  'ap-hongkong',
  'ap-seoul',
  'ap-singapore',
  'ap-tokyo',
  'eu-frankfurt',
];

/** The events per page, the maximum; and the most pages that we request. */
const pageSize = 50;
const pagesMax = 20;
/**
 * The longest time range of one query, and how far back the trail goes (both
 * https://cloud.tencent.com/document/api/629/54488).
 */
const spanMaxMs = 30 * 86_400_000 - 1000;
const backMaxMs = 90 * 86_400_000 - 60_000;

/** Returns a region of an account in which its trail can be queried: one that it uses, if possible. */
export function auditRegion(used: readonly string[]): string {
  return used.find((region) => regions.includes(region)) ?? 'ap-guangzhou';
}

/**
 * Lists the writes of an account in a time range, newest first. A range longer than the cloud supports is cut to its
 * end.
 * @param resource id or name of the object that was written; null = anything
 * @param now epoch ms
 */
export async function listAuditedWrites(
  reader: Reader,
  region: string,
  { from, to, resource }: { readonly from: Date; readonly to: Date; readonly resource: string | null },
  now: number,
): Promise<AuditTrail> {
  const start = Math.max(from.getTime(), to.getTime() - spanMaxMs, now - backMaxMs);
  const by = (AttributeKey: string, AttributeValue: string) => ({ AttributeKey, AttributeValue });
  const params = {
    StartTime: Math.floor(start / 1000),
    EndTime: Math.max(Math.floor(start / 1000), Math.ceil(to.getTime() / 1000)),
    MaxResults: pageSize,
    LookupAttributes: [
      by('ActionType', 'Write'),
      ...(resource === null ? [] : [by('ResourceName', resource)]),
    ],
  };
  const events: AuditEvent[] = [];
  let next: number | null = null;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const token: { NextToken?: number } = next === null ? {} : { NextToken: next };
    const page = await reader.read(
      { service: 'cloudaudit', action: 'DescribeEvents', region, params: { ...params, ...token } },
      toAuditPage,
    );
    events.push(...page.events);
    next = page.next;
    if (next === null) return { events, isComplete: start === from.getTime() };
  }
  return { events, isComplete: false };
}
