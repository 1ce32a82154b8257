import type {
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldRedirect,
  WorldRule,
  WorldTarget,
} from './clb';

/** A listener. */
export type Place = { loadBalancerId: string; listenerId: string };

/** A rule; `ruleId` null = the layer-4 listener itself. */
export type RulePlace = Place & { ruleId: string | null };

/** The fields of a listener that can be changed. */
export type ListenerFields = Partial<
  Omit<WorldListener, 'createdAt' | 'endPort' | 'id' | 'port' | 'protocol' | 'rules' | 'stopped' | 'targets'>
>;

export type Listeners = { loadBalancerId: string; listenerIds: string[] };

export type ListenerEffect =
  | { kind: 'createListeners'; loadBalancerId: string; listeners: WorldListener[] }
  | ({ kind: 'changeListener'; fields: ListenerFields; ruleChanges: RuleChange[] } & Place)
  | ({ kind: 'deleteListeners' } & Listeners)
  /** For the load balancer itself when no listeners are named. */
  | {
      kind: 'startOrStop';
      loadBalancerId: string;
      listenerIds: string[] | null;
      stopped: boolean;
      at: number;
    };

/** The fields of a load balancer that can be changed. */
export type LoadBalancerFields = Partial<
  Pick<
    WorldLoadBalancer,
    | 'bandwidthMbps'
    | 'chargeType'
    | 'deleteProtected'
    | 'domain'
    | 'internetChargeType'
    | 'name'
    | 'passToTarget'
    | 'prepaid'
    | 'securityGroups'
    | 'snatPro'
    | 'targetRegion'
  >
>;

export type LoadBalancerEffect =
  /** They already exist in the sandbox data, in creation. */
  | { kind: 'createLoadBalancers'; loadBalancerIds: string[]; dealName: string }
  | {
      kind: 'changeLoadBalancer';
      loadBalancerId: string;
      fields: LoadBalancerFields;
      dealName: string | null;
    }
  | { kind: 'changeSla'; changes: { loadBalancerId: string; slaType: string }[] }
  | { kind: 'deleteLoadBalancers'; loadBalancerIds: string[] };

/** A rule that redirects its requests to another one. */
export type Rewrite = { ruleId: string; to: WorldRedirect };

export type RewriteEffect = { kind: 'addRewrites'; rewrites: Rewrite[] } & Place;

/** The fields of a rule that can be changed. */
export type RuleFields = Partial<
  Pick<
    WorldRule,
    | 'certificate'
    | 'cookieName'
    | 'domain'
    | 'forwardType'
    | 'furtherDomains'
    | 'healthCheck'
    | 'http2'
    | 'quic'
    | 'scheduler'
    | 'sessionExpireS'
    | 'url'
  >
>;

export type RuleChange = { ruleId: string; fields: RuleFields };

export type RuleEffect =
  | ({ kind: 'createRules'; rules: WorldRule[] } & Place)
  | ({ kind: 'changeRules'; changes: RuleChange[]; newDefaultDomain: string | null } & Place)
  | ({ kind: 'deleteRules'; ruleIds: string[]; newDefaultDomain: string | null } & Place);

export type FunctionPlace = Place & { ruleId: string };

/** The new weight of a target. */
export type TargetChange = TargetAddress & { weight: number };

export type TargetEffect =
  | ({ kind: 'registerTargets'; targets: WorldTarget[] } & RulePlace)
  | ({ kind: 'deregisterTargets'; targets: TargetAddress[] } & RulePlace)
  | ({ kind: 'changeTargets'; changes: TargetChange[] } & RulePlace)
  /** For a call that can only be waited for: it has already changed the sandbox data, or never will. */
  | { kind: 'nothing' }
  | ({ kind: 'registerFunctions'; functions: WorldFunctionTarget[] } & FunctionPlace)
  | ({ kind: 'deregisterFunctions'; functions: WorldFunctionTarget[] } & FunctionPlace)
  | ({ kind: 'replaceFunctions'; functions: WorldFunctionTarget[] } & FunctionPlace);

/** A target group at a place, with its weight among the groups there. */
export type Association = RulePlace & { groupId: string; weight: number };

export type TargetGroupEffect =
  | { kind: 'associateGroups'; associations: Association[] }
  /** `emptyType`: the type of a rule that is left without groups; null = unchanged. */
  | { kind: 'disassociateGroups'; associations: Association[]; emptyType: 'NODE' | null };

/**
 * A validated write with its ids resolved, as data: the change that a task applies to the sandbox data when it ends.
 */
export type WorldEffect =
  | ListenerEffect
  | LoadBalancerEffect
  | RewriteEffect
  | RuleEffect
  | TargetEffect
  | TargetGroupEffect;

/** The key that distinguishes targets: the server, the address of it that is bound, and the port. */
export type TargetAddress = Pick<WorldTarget, 'instanceId' | 'eniIp' | 'port'>;
