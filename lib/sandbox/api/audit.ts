import type { Caller } from '../state/world-store';
import type { Route } from './dispatch';

/** How many events an account keeps. */
const eventsKept = 2000;

/** Whether the action only reads: such calls are not audited here. */
export function isRead(action: string): boolean {
  return /^(Describe|List|Get|LookUp|Inquiry)/.test(action);
}

/** Puts a call that changed something, or tried to, into the account's trail. `at` is epoch milliseconds. */
export function recordAudit(
  { account, user }: Caller,
  call: Route & { at: number; region: string; requestId: string; sourceIp: string; errorCode: string },
  request: unknown,
): void {
  const { at, service, action, region, requestId, sourceIp, errorCode } = call;
  account.auditEvents.push({
    ...{ id: requestId, at, service, action, region, requestId, sourceIp, errorCode },
    userUin: user?.uin ?? account.uin,
    userName: user?.name ?? 'root',
    secretId: user?.secretId ?? account.secretId,
    resource: resourceOf(request),
  });
  if (account.auditEvents.length > eventsKept) {
    account.auditEvents.splice(0, account.auditEvents.length - eventsKept);
  }
}

/** The fields that name the object of a write, in the order in which they are looked for. */
const naming = [
  'LoadBalancerId',
  'FunctionName',
  'Domain',
  'RecordId',
  'TargetGroupId',
  'UconfigId',
] as const;

function resourceOf(request: unknown): string {
  if (typeof request !== 'object' || request === null) return '';
  const fields = request as Partial<Record<(typeof naming)[number], unknown>>;
  const name = naming.map((field) => fields[field]).find((value) => value !== undefined);
  return name === undefined ? '' : String(name);
}
