import type { DescribeEventsResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_models.js';
import { z } from 'zod';
import type { AuditEvent } from '@/lib/estate/history/audit';

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
  Events: z.array(WireEvent).nullish(),
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
export function toAuditPage(answer: DescribeEventsResponse): {
  readonly events: readonly AuditEvent[];
  readonly next: number | null;
} {
  const { ListOver, NextToken, Events } = Page.parse(answer);
  return {
    events: (Events ?? []).filter((wire) => !hasFailed(wire)).map(toEvent),
    next: ListOver ? null : (NextToken ?? null),
  };
}
