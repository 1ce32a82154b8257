/**
 * The state of the emulated cloud: plain JSON, so that it can be stored, exported and compared. Control plane services
 * change it; the data plane and DNS only read it. Ids have the cloud's own forms. It contains no keys: those are in the
 * `SecretStore`, by UIN. Times are epoch milliseconds.
 */

import type {
  WorldAuditEvent,
  WorldCertificate,
  WorldGroup,
  WorldPolicy,
  WorldRole,
  WorldUser,
} from './access';
import type { WorldCustomConfig, WorldLoadBalancer, WorldTargetGroup } from './clb';
import type { WorldIgtmInstance, WorldZone } from './dnspod';
import type { WorldInstance, WorldSecurityGroup, WorldSubnet, WorldVpc } from './network';
import type { WorldFunction, WorldNamespace } from './scf';
import type { WorldTask } from './task';

/** The format of sandbox data, in state files and exports. Data of another format is refused. */
export const worldFormat = 'sandbox/1';

export type World = {
  readonly format: typeof worldFormat;
  seed: string;
  /** Source of ids: each new id takes the next number, so that the same calls produce the same data. */
  nextId: number;
  /** By UIN. */
  accounts: Record<string, AccountWorld>;
};

export type AccountWorld = {
  uin: string;
  /** The display name of the account; the cloud's API never shows it. */
  name: string;
  appId: number;
  networkAccountType: 'STANDARD' | 'LEGACY';
  /** By name: sub-users, who may do what their policies allow. The account itself may do everything. */
  users: Record<string, WorldUser>;
  /** By id. */
  groups: Record<string, WorldGroup>;
  /** By name. Absent = none. */
  roles?: Record<string, WorldRole>;
  /** By id, the account's own policies; those of the cloud are in `preset-policies.ts`. */
  policies: Record<string, WorldPolicy>;
  /** Keyed by id, as are those below. */
  loadBalancers: Record<string, WorldLoadBalancer>;
  targetGroups: Record<string, WorldTargetGroup>;
  customConfigs: Record<string, WorldCustomConfig>;
  certificates: Record<string, WorldCertificate>;
  instances: Record<string, WorldInstance>;
  vpcs: Record<string, WorldVpc>;
  /** Absent = none. They are shown, and refuse no traffic. */
  securityGroups?: Record<string, WorldSecurityGroup>;
  subnets: Record<string, WorldSubnet>;
  /** Keyed `region/name`; `default` exists in every region without being here. */
  namespaces: Record<string, WorldNamespace>;
  /** Keyed `region/namespace/name`. */
  functions: Record<string, WorldFunction>;
  /** By region, in MB, if it differs from the default quota. */
  concurrencyMb: Record<string, number>;
  /** Keyed by zone name. */
  zones: Record<string, WorldZone>;
  /** By id; absent = none. */
  igtm?: Record<string, WorldIgtmInstance>;
  /** By id. */
  tasks: Record<string, WorldTask>;
  /** Responses to a CreateLoadBalancer with a ClientToken, by token. */
  clientTokens: Record<string, { requestHash: string; loadBalancerIds: string[]; dealName: string }>;
  /** Newest last; old ones are dropped. */
  auditEvents: WorldAuditEvent[];
};
