import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';
import type { Caller } from '../world/world-store';
import { namesAt } from './permissions';

const eventsKept = 2000;
const namesKept = 20;

/** Returns whether the action only reads. */
export function isRead(action: string): boolean {
  return /^(Describe|List|Get|Inquiry)/.test(action);
}

/**
 * Returns whether the trail records calls of an action: only those that configure something. Function invocations are
 * traffic.
 */
export function isAudited(action: string): boolean {
  return !isRead(action) && !action.startsWith('Invoke');
}

/**
 * The fields in which a request or its response names the objects of a write; the first one present is used. The trail
 * contains nothing else of a request: no code, no environment, no certificate.
 */
const naming: Partial<Record<ServiceName, readonly string[]>> = {
  clb: [
    'LoadBalancerId',
    'LoadBalancerIds',
    'LoadBalancerSla[].LoadBalancerId',
    'TargetGroupId',
    'TargetGroupIds',
    'Associations[].TargetGroupId',
  ],
  scf: ['FunctionName', 'Namespace'],
  dnspod: ['RecordId', 'Domain', 'DomainId'],
  tag: ['Resource'],
};

function getAuditResource(service: ServiceName, request: unknown, answer: unknown): string {
  for (const path of naming[service] ?? []) {
    const names = [request, answer].map((each) => namesAt(each, path)).find((each) => each.length > 0);
    if (names) return names.slice(0, namesKept).join(',');
  }
  return '';
}

/**
 * Records a call that changed something, or tried to, in the account's trail. `at` is epoch milliseconds.
 * @param answer the call's response, which names the created objects
 */
export function recordAudit(
  { account, user }: Caller,
  call: ApiRoute & { at: number; region: string; requestId: string; sourceIp: string; errorCode: string },
  request: unknown,
  answer: unknown,
): void {
  const { at, service, action, region, requestId, sourceIp, errorCode } = call;
  account.auditEvents.push({
    id: requestId,
    at,
    service,
    action,
    region,
    requestId,
    sourceIp,
    errorCode,
    userUin: user?.uin ?? account.uin,
    userName: user?.name ?? 'root',
    resource: getAuditResource(service, request, answer),
  });
  if (account.auditEvents.length > eventsKept) {
    account.auditEvents.splice(0, account.auditEvents.length - eventsKept);
  }
}
