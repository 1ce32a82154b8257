import type {
  Event,
  LookupAttribute,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldAuditEvent } from '../../world/access';
import type { AccountWorld } from '../../world/world';
import type { ActionContext } from '../action';

const products: Readonly<Record<string, string>> = {
  clb: '负载均衡',
  scf: '云函数',
  dnspod: 'DNS 解析 DNSPod',
  tag: '标签',
};

function camErrorCode(event: WorldAuditEvent): 0 | 1 {
  return event.errorCode.endsWith('UnauthorizedOperation') ? 1 : 0;
}

/**
 * Returns the full event as JSON, in the form of `CloudAuditEvent`: https://cloud.tencent.com/document/api/629/54488
 */
function details(event: WorldAuditEvent, account: AccountWorld, secretId: string): string {
  const isRoot = event.userUin === account.uin;
  return JSON.stringify({
    userIdentity: {
      principalId: event.userUin,
      accountId: account.uin,
      secretId,
      sessionContext: '{}',
      type: isRoot ? 'Root' : 'CAMUser',
      userName: event.userName,
    },
    eventRegion: event.region,
    eventVersion: 2,
    errorCode: String(camErrorCode(event)),
    errorMessage: '',
    requestID: event.requestId,
    eventID: event.id,
    apiVersion: '3.0',
    eventType: 'ApiCall',
    actionType: 'Write',
    httpMethod: 'POST',
    apiErrorCode: event.errorCode === '' ? '0' : event.errorCode,
    apiErrorMessage: '',
    eventTime: Math.floor(event.at / 1000),
    sourceIPAddress: event.sourceIp,
    eventSource: formatEventSource(event),
    resources: '',
    resourceName: event.resource,
    resourceType: event.service,
    eventName: event.action,
    sensitiveAction: '0',
    tags: [],
  });
}

function formatEventSource({ service, region }: WorldAuditEvent): string {
  return [service, region, 'api.tencentyun.com'].filter((part) => part !== '').join('.');
}

/** Returns an event as the list shows it. */
export function eventAnswer(
  event: WorldAuditEvent,
  { account, secretIdOf }: Pick<ActionContext, 'account' | 'secretIdOf'>,
): Event {
  const secretId = secretIdOf(event.userUin);
  return {
    EventId: event.id,
    Username: event.userName,
    EventTime: String(Math.floor(event.at / 1000)),
    CloudAuditEvent: details(event, account, secretId),
    ResourceTypeCn: products[event.service] ?? event.service,
    ErrorCode: camErrorCode(event),
    EventName: event.action,
    SecretId: secretId,
    EventSource: formatEventSource(event),
    RequestID: event.requestId,
    ResourceRegion: event.region,
    AccountID: Number(account.uin),
    SourceIPAddress: event.sourceIp,
    EventNameCn: event.action,
    Resources: { ResourceType: event.service, ResourceName: event.resource },
    EventRegion: event.region,
    Location: '',
  };
}

/** Returns the id of the key of an account or user, by UIN. */
type SecretIdOf = (uin: string) => string;

const dayS = 86_400;
/** The number of past days for which the trail can be read: https://cloud.tencent.com/document/api/629/54488 */
const daysBack = 90;
/** The longest span of a request: https://cloud.tencent.com/document/api/629/54488 */
const spanDays = 30;

/** The attributes by which events can be found: https://cloud.tencent.com/document/api/629/54488 */
export const eventAttributes: Readonly<
  Record<string, (event: WorldAuditEvent, value: string, secretIdOf: SecretIdOf) => boolean>
> = {
  RequestId: (event, value) => event.requestId === value,
  EventName: (event, value) => event.action === value,
  // The trail has no reads.
  ActionType: (_, value) => value === 'Write',
  PrincipalId: (event, value) => event.userUin === value,
  ResourceType: (event, value) => event.service === value.toLowerCase(),
  ResourceId: namesResource,
  ResourceName: namesResource,
  AccessKeyId: (event, value, secretIdOf) => secretIdOf(event.userUin) === value,
  SensitiveAction: (_, value) => value === '0',
  ApiErrorCode: (event, value) => (event.errorCode === '' ? '0' : event.errorCode) === value,
  CamErrorCode: (event, value) => String(camErrorCode(event)) === value,
  SourceIPAddress: (event, value) => event.sourceIp === value,
  // No event of the trail has tags.
  Tags: () => false,
};

function namesResource(event: WorldAuditEvent, value: string): boolean {
  return event.resource.split(',').includes(value);
}

/** Returns whether an event matches. All attributes must match; of several event names one is enough. */
function fits(event: WorldAuditEvent, wanted: readonly LookupAttribute[], secretIdOf: SecretIdOf): boolean {
  const names = wanted.filter(({ AttributeKey: key }) => key === 'EventName');
  const others = wanted.filter(({ AttributeKey: key }) => key !== 'EventName');
  const test = ({ AttributeKey: key, AttributeValue: value = '' }: LookupAttribute) =>
    eventAttributes[key]?.(event, value, secretIdOf) === true;
  return (names.length === 0 || names.some(test)) && others.every(test);
}

/** Gives events unique keys that sort by time: epoch milliseconds × 1000, plus the index within that millisecond. */
function keyed(events: readonly WorldAuditEvent[]): { key: number; event: WorldAuditEvent }[] {
  const seen = new Map<number, number>();
  return events.map((event) => {
    const ordinal = seen.get(event.at) ?? 0;
    seen.set(event.at, ordinal + 1);
    return { key: event.at * 1000 + ordinal, event };
  });
}

export type EventQuery = {
  /** Epoch seconds. */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly LookupAttributes?: readonly LookupAttribute[];
  readonly MaxResults?: number;
};

/**
 * Returns one page of the events in a span of time, newest first.
 * @param after `next` of the previous page; null = start
 * @param context the current time in epoch milliseconds, and the lookup of key ids
 * @returns the page and the start of the next; null = there is no more
 * @throws ApiError InvalidParameterValue.Time, InvalidParameter.Time, LimitExceeded.OverTime
 */
export function findEvents(
  events: readonly WorldAuditEvent[],
  query: EventQuery,
  after: number | null,
  { now, secretIdOf }: { now: number; secretIdOf: SecretIdOf },
): { page: WorldAuditEvent[]; next: number | null } {
  const { StartTime: start, EndTime: end, LookupAttributes: wanted = [], MaxResults: size = 10 } = query;
  if (start > end) {
    throw new ApiError(
      'InvalidParameterValue.Time',
      'The parameter `StartTime` must not be after `EndTime`.',
    );
  }
  if (start < now / 1000 - daysBack * dayS) {
    throw new ApiError(
      'InvalidParameter.Time',
      `The parameter \`StartTime\` must not be more than ${daysBack} days ago.`,
    );
  }
  if (end - start > spanDays * dayS) {
    throw new ApiError(
      'LimitExceeded.OverTime',
      `The parameters \`StartTime\` and \`EndTime\` must not be more than ${spanDays} days apart.`,
    );
  }
  const found = keyed(events)
    .filter(
      ({ key, event }) =>
        event.at >= start * 1000 &&
        // The last second is included.
        event.at < (end + 1) * 1000 &&
        (after === null || key < after) &&
        fits(event, wanted, secretIdOf),
    )
    .sort((a, b) => b.key - a.key);
  const page = found.slice(0, size);
  const next = found.length > size ? (page.at(-1)?.key ?? null) : null;
  return { page: page.map(({ event }) => event), next };
}
