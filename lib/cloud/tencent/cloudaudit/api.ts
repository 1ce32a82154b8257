import type { DescribeEventsResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_models.js';
import { z } from 'zod';
import type { AuditEvent, AuditTrail } from '@/lib/estate/history/audit';
import type { Reader } from '../call/caller';
import { readEach } from '../call/pages';

const WireEvent = z.object({
  /** Seconds since the epoch, as text. */
  EventTime: z.string().regex(/^\d+$/),
  EventName: z.string().min(1),
  Username: z.string().nullish(),
  SourceIPAddress: z.string().nullish(),
  RequestID: z.string().nullish(),
  /** 0 = permissions allowed it. */
  ErrorCode: z.number().nullish(),
  Resources: z.object({ ResourceName: z.string().nullish() }).nullish(),
  /** The whole event as JSON. */
  CloudAuditEvent: z.string().nullish(),
});

const Page = z.object({
  ListOver: z.boolean(),
  NextToken: z.number().nullish(),
  Events: z.array(z.unknown()).nullish(),
});

/** The part of an event's JSON that shows whether the call did anything; `0` = it did. */
const Details = z.object({ apiErrorCode: z.coerce.string().default('0') });

function hasFailed({ ErrorCode, CloudAuditEvent }: z.infer<typeof WireEvent>): boolean {
  if ((ErrorCode ?? 0) !== 0) return true;
  try {
    const details = Details.safeParse(JSON.parse(CloudAuditEvent ?? '{}'));
    return details.success && !['0', ''].includes(details.data.apiErrorCode);
  } catch {
    // The shape is documented only by examples: an unreadable event still happened.
    return false;
  }
}

function toEvent(wire: z.infer<typeof WireEvent>): AuditEvent {
  return {
    at: new Date(Number(wire.EventTime) * 1000).toISOString(),
    action: wire.EventName,
    user: wire.Username ?? '',
    sourceIp: wire.SourceIPAddress || null,
    requestId: wire.RequestID ?? '',
    resources: (wire.Resources?.ResourceName ?? '').split(',').filter(Boolean),
  };
}

/**
 * Converts one page of the trail: the calls that did something, and the token of the next page; null = the last page.
 */
function toAuditPage(answer: DescribeEventsResponse): {
  readonly events: readonly AuditEvent[];
  readonly next: number | null;
  /** True if an entry is not as documented. */
  readonly hasUnread: boolean;
} {
  const { ListOver, NextToken, Events } = Page.parse(answer);
  let hasUnread = false;
  const found = readEach(WireEvent, Events, 'RequestID', () => {
    hasUnread = true;
  });
  return {
    events: found.filter((wire) => !hasFailed(wire)).map(toEvent),
    next: ListOver ? null : (NextToken ?? null),
    hasUnread,
  };
}

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
  let isComplete = start === from.getTime();
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const token: { NextToken?: number } = next === null ? {} : { NextToken: next };
    const page = await reader.read(
      { service: 'cloudaudit', action: 'DescribeEvents', region, params: { ...params, ...token } },
      toAuditPage,
    );
    events.push(...page.events);
    next = page.next;
    if (page.hasUnread) isComplete = false;
    if (next === null) return { events, isComplete };
  }
  return { events, isComplete: false };
}
