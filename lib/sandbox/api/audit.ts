import type { Caller } from '../state/world-store';
import type { Route, ServiceName } from './dispatch';
import { namesAt } from './resource-names';

/** How many events an account keeps. */
const eventsKept = 2000;
/** How many objects of one call are named. */
const namesKept = 20;

/** Whether the action only reads. */
export function isRead(action: string): boolean {
  return /^(Describe|List|Get|LookUp|Inquiry)/.test(action);
}

/** Whether the trail keeps calls of an action: those that set something up. Calls of functions are traffic. */
export function isAudited(action: string): boolean {
  return !isRead(action) && !action.startsWith('Invoke');
}

/**
 * Where a request or its answer names the objects of a write, the first that has any. Nothing else of a request gets
 * into the trail: no code, no environment, no certificate.
 */
const naming: Partial<Record<ServiceName, readonly string[]>> = {
  clb: [
    'LoadBalancerId',
    'LoadBalancerIds',
    'LoadBalancerSla[].LoadBalancerId',
    'TargetGroupId',
    'TargetGroupIds',
    'Associations[].TargetGroupId',
    'UconfigId',
    'ConfigId',
    'OldCertificateId',
  ],
  scf: ['FunctionName', 'Namespace'],
  dnspod: ['RecordId', 'RecordIdList', 'Domain', 'DomainId'],
  tag: ['Resource', 'ResourceList'],
};

/** Ids or names of the objects of a write, by commas; '' when none is named. */
function resourceOf(service: ServiceName, request: unknown, answer: unknown): string {
  for (const path of naming[service] ?? []) {
    const names = [request, answer].map((each) => namesAt(each, path)).find((each) => each.length > 0);
    if (names) return names.slice(0, namesKept).join(',');
  }
  return '';
}

/**
 * Puts a call that changed something, or tried to, into the account's trail. `at` is epoch milliseconds.
 * @param answer what the call gave back: it names what was created
 */
export function recordAudit(
  { account, user }: Caller,
  call: Route & { at: number; region: string; requestId: string; sourceIp: string; errorCode: string },
  request: unknown,
  answer: unknown,
): void {
  const { at, service, action, region, requestId, sourceIp, errorCode } = call;
  account.auditEvents.push({
    ...{ id: requestId, at, service, action, region, requestId, sourceIp, errorCode },
    userUin: user?.uin ?? account.uin,
    userName: user?.name ?? 'root',
    resource: resourceOf(service, request, answer),
  });
  if (account.auditEvents.length > eventsKept) {
    account.auditEvents.splice(0, account.auditEvents.length - eventsKept);
  }
}
