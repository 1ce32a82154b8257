import type { Event } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldAuditEvent } from '../../world/access';
import type { AccountWorld } from '../../world/world';
import type { ActionContext } from '../action';

/** The names of the products. */
const products: Readonly<Record<string, string>> = {
  clb: '负载均衡',
  scf: '云函数',
  dnspod: 'DNS 解析 DNSPod',
  tag: '标签',
};

/** Returns the `ErrorCode`, which concerns only CAM: 0 = it allowed the call. */
export function camErrorCode(event: WorldAuditEvent): 0 | 1 {
  return event.errorCode.endsWith('UnauthorizedOperation') ? 1 : 0;
}

/** Returns the whole event as JSON, as `CloudAuditEvent` has it: https://cloud.tencent.com/document/api/629/54488 */
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

/** Returns an event as both lists show it. @param time formats times for a list */
export function eventAnswer(
  event: WorldAuditEvent,
  { account, secretIdOf }: Pick<ActionContext, 'account' | 'secretIdOf'>,
  time: 'seconds' | 'text',
): Event {
  const secretId = secretIdOf(event.userUin);
  return {
    EventId: event.id,
    Username: event.userName,
    EventTime: time === 'seconds' ? String(Math.floor(event.at / 1000)) : cloudTime(event.at),
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
