import type { WorldPolicy, WorldUser } from './access';
import type { AccountWorld } from './world';

const createdAt = Date.UTC(2016, 6, 12, 4, 0, 0);

function preset(id: number, name: string, description: string, ...action: string[]): WorldPolicy {
  const statement = [{ effect: 'allow' as const, action, resource: ['*'] }];
  return { id, name, description, kind: 'QCS', document: { version: '2.0', statement }, createdAt };
}

const reads = (service: string) =>
  ['Describe*', 'List*', 'Get*', 'LookUp*'].map((name) => `${service}:${name}`);

/**
 * Policies that the cloud provides to every account: https://www.tencentcloud.com/document/product/598/10609. The names
 * are the cloud's; the ids are the sandbox's own, and the actions follow the descriptions, for the products that it
 * has.
 */
const presetPolicies: readonly WorldPolicy[] = [
  preset(1, 'AdministratorAccess', 'Full access to all services and resources of the account', '*:*'),
  preset(2, 'ReadOnlyAccess', 'Read-only access to all services and resources of the account', ...reads('*')),
  preset(
    11,
    'QcloudCLBFullAccess',
    'Full access to Cloud Load Balancer (CLB)',
    'clb:*',
    ...reads('cvm'),
    ...reads('vpc'),
  ),
  preset(12, 'QcloudCLBReadOnlyAccess', 'Read-only access to Cloud Load Balancer (CLB)', 'clb:Describe*'),
  preset(
    21,
    'QcloudSCFFullAccess',
    'Full access to Serverless Cloud Function (SCF)',
    'scf:*',
    ...reads('cam'),
    ...reads('monitor'),
  ),
  preset(
    22,
    'QcloudSCFReadOnlyAccess',
    'Read-only access to Serverless Cloud Function (SCF)',
    ...reads('scf'),
    ...reads('monitor'),
  ),
  preset(
    31,
    'QcloudCVMReadOnlyAccess',
    'Read-only access to Cloud Virtual Machine (CVM)',
    ...reads('cvm'),
    ...reads('vpc'),
  ),
  preset(41, 'QcloudVPCReadOnlyAccess', 'Read-only access to Virtual Private Cloud (VPC)', ...reads('vpc')),
  preset(51, 'QcloudDNSPodFullAccess', 'Full access to DNSPod', 'dnspod:*'),
  preset(52, 'QcloudDNSPodReadOnlyAccess', 'Read-only access to DNSPod', ...reads('dnspod')),
  preset(61, 'QcloudMonitorReadOnlyAccess', 'Read-only access to monitoring', ...reads('monitor')),
  preset(71, 'QcloudSSLReadOnlyAccess', 'Read-only access to SSL certificates', ...reads('ssl')),
  preset(81, 'QcloudAuditReadOnlyAccess', 'Read-only access to CloudAudit', ...reads('cloudaudit')),
  preset(91, 'QcloudCamReadOnlyAccess', 'Read-only access to Cloud Access Management (CAM)', ...reads('cam')),
  preset(92, 'QcloudTAGFullAccess', 'Full access to tags', 'tag:*'),
];

/** Returns a policy of the account, or one of the cloud's own. */
export function findPolicy(account: AccountWorld, id: number): WorldPolicy | undefined {
  return account.policies[id] ?? presetPolicies.find((policy) => policy.id === id);
}

/** Returns the groups that a user is in. */
export function listUserGroups(account: AccountWorld, user: WorldUser) {
  return Object.values(account.groups).filter((group) => group.userNames.includes(user.name));
}

/** Returns the policies that apply to a user: own policies and those of the groups, each once. */
export function listUserPolicies(account: AccountWorld, user: WorldUser): WorldPolicy[] {
  const ids = new Set([
    ...user.policyIds,
    ...listUserGroups(account, user).flatMap((group) => group.policyIds),
  ]);
  return [...ids].flatMap((id) => findPolicy(account, id) ?? []);
}
