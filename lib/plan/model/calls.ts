import type { NewListener, NewLoadBalancer } from '@/lib/diversion/creates';
import type { ParamValue, WriteCall } from '@/lib/estate/call';
import type { BoundFunction, DnsRecord } from '@/lib/estate/model';
import type { ProvisionedRef, RecordSetRef, RecordState, RuleRef, TargetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { targetName } from '@/lib/estate/target';

/**
 * The cloud calls of a plan as data, in the API's own terms. Shapes:
 * https://www.tencentcloud.com/document/product/214/33832 (CLB), https://cloud.tencent.com/document/api/1427/56194
 * (DNSPod).
 */

/** The rule's id if the snapshot has it, otherwise a placeholder that the executor fills in from its own read. */
export type LocationIdParam = string | { readonly $id: string };
export const newLocationId: LocationIdParam = { $id: 'LocationId' };

function clb(action: string, rule: RuleRef, params: Record<string, ParamValue>): WriteCall {
  return {
    service: 'clb',
    action,
    region: rule.region,
    params: { LoadBalancerId: rule.loadBalancerId, ListenerId: rule.listenerId, ...params },
  };
}

/** Returns the parameter of the server certificate. SSLMode UNIDIRECTIONAL: clients present none. */
const shown = (certificateId: string): ParamValue => ({ SSLMode: 'UNIDIRECTIONAL', CertId: certificateId });

/**
 * Creates the forwarding rule.
 * @param certificateId of a new domain on a listener with SNI; null = none is sent
 */
export function createRule(rule: RuleRef, certificateId: string | null = null): WriteCall {
  const certificate = certificateId === null ? {} : { Certificate: shown(certificateId) };
  return clb('CreateRule', rule, {
    Rules: [{ Domain: rule.domain, Url: rule.url, Scheduler: 'WRR', ...certificate }],
  });
}

/**
 * Deletes the forwarding rule by id: by domain and URL the call could also delete a rule that was re-created by others.
 */
export function deleteRule(rule: RuleRef, locationId: LocationIdParam): WriteCall {
  return clb('DeleteRule', rule, { LocationIds: [locationId] });
}

function functionTarget(bound: BoundFunction): ParamValue {
  return {
    Function: {
      FunctionNamespace: bound.namespace,
      FunctionName: bound.name,
      FunctionQualifier: bound.qualifier,
      FunctionQualifierType: bound.qualifierType ?? 'VERSION',
    },
    Weight: bound.weight,
  };
}

/** Binds a function to a rule. */
export function bindFunction(rule: RuleRef, locationId: LocationIdParam, bound: BoundFunction): WriteCall {
  return clb('RegisterFunctionTargets', rule, {
    LocationId: locationId,
    FunctionTargets: [functionTarget(bound)],
  });
}

/** Unbinds a function from a rule. */
export function unbindFunction(rule: RuleRef, locationId: LocationIdParam, bound: BoundFunction): WriteCall {
  return clb('DeregisterFunctionTargets', rule, {
    LocationId: locationId,
    FunctionTargets: [functionTarget(bound)],
  });
}

/** Replaces the function that a rule binds in one task, so that the rule always has a backend. */
export function replaceFunction(rule: RuleRef, locationId: LocationIdParam, bound: BoundFunction): WriteCall {
  return clb('ModifyFunctionTargets', rule, {
    LocationId: locationId,
    FunctionTargets: [functionTarget(bound)],
  });
}

/** Names of ids known from a read of a created object. */
export const madeIds = {
  loadBalancer: 'LoadBalancerId',
  listener: 'ListenerId',
  address: 'Address',
} as const;

/** Returns whether a created load balancer has its own domain name, which DNS follows by CNAME. */
export function isDomainNamed({ network, address }: Pick<NewLoadBalancer, 'network' | 'address'>): boolean {
  return network === 'OPEN' && address === 'domain';
}

/** Creates a load balancer. */
export function createLoadBalancer(made: NewLoadBalancer): WriteCall {
  return {
    service: 'clb',
    action: 'CreateLoadBalancer',
    region: made.region,
    params: {
      LoadBalancerType: made.network,
      Forward: 1,
      LoadBalancerName: made.name,
      VpcId: made.vpcId,
      Number: 1,
      ...(isDomainNamed(made) ? { DynamicVip: true } : {}),
      ...(made.subnetId === null ? {} : { SubnetId: made.subnetId }),
      ...(made.masterZone === null ? {} : { MasterZoneId: made.masterZone }),
      ...(made.slaType === '' ? {} : { SlaType: made.slaType }),
      ...(made.internet === null
        ? {}
        : {
            InternetAccessible: {
              ...(made.network === 'OPEN' ? { InternetChargeType: made.internet.chargeType } : {}),
              InternetMaxBandwidthOut: made.internet.bandwidthMbps,
            },
          }),
    },
  };
}

/** Deletes a load balancer that an earlier step created: its id is known only then. */
export function deleteLoadBalancer({ region }: NewLoadBalancer): WriteCall {
  const LoadBalancerIds = [{ $id: madeIds.loadBalancer }];
  return { service: 'clb', action: 'DeleteLoadBalancer', region, params: { LoadBalancerIds } };
}

/** Creates a listener. */
export function createListener(region: string, made: NewListener): WriteCall {
  const { loadBalancerId, name, protocol, port, certificateId } = made;
  return {
    service: 'clb',
    action: 'CreateListener',
    region,
    params: {
      LoadBalancerId: loadBalancerId,
      Ports: [port],
      Protocol: protocol,
      ListenerNames: [name],
      ...(certificateId === null ? {} : { Certificate: shown(certificateId) }),
    },
  };
}

/** Deletes a listener that an earlier step created. */
export function deleteListener(region: string, { loadBalancerId }: NewListener): WriteCall {
  const params = { LoadBalancerId: loadBalancerId, ListenerId: { $id: madeIds.listener } };
  return { service: 'clb', action: 'DeleteListener', region, params };
}

function scf(action: string, ref: ProvisionedRef, params: Record<string, ParamValue>): WriteCall {
  const { region, namespace, name, qualifier } = ref;
  const of = { FunctionName: name, Namespace: namespace, Qualifier: qualifier };
  return { service: 'scf', action, region, params: { ...of, ...params } };
}

/** Sets the number of warm instances of a version; for zero, deletes the setting. */
export function setProvisioned(ref: ProvisionedRef, instances: number): WriteCall {
  return instances === 0
    ? scf('DeleteProvisionedConcurrencyConfig', ref, {})
    : scf('PutProvisionedConcurrencyConfig', ref, { VersionProvisionedConcurrencyNum: instances });
}

function targetParams(targets: readonly TargetState[]): ParamValue {
  return targets.map((target) => ({
    [target.instanceId === undefined ? 'EniIp' : 'InstanceId']: targetName(target),
    Port: target.port,
    Weight: target.weight,
  }));
}

/** Adds targets to a rule: servers by their id, addresses by `EniIp`. */
export function registerTargets(
  rule: RuleRef,
  locationId: LocationIdParam,
  targets: readonly TargetState[],
): WriteCall {
  return clb('RegisterTargets', rule, { LocationId: locationId, Targets: targetParams(targets) });
}

/** Removes targets from a rule. */
export function deregisterTargets(
  rule: RuleRef,
  locationId: LocationIdParam,
  targets: readonly TargetState[],
): WriteCall {
  return clb('DeregisterTargets', rule, { LocationId: locationId, Targets: targetParams(targets) });
}

/** Sets the weights of targets of a rule. */
export function weighTargets(
  rule: RuleRef,
  locationId: LocationIdParam,
  targets: readonly TargetState[],
): WriteCall {
  return clb('ModifyTargetWeight', rule, { LocationId: locationId, Targets: targetParams(targets) });
}

function dnspod(action: string, params: Record<string, ParamValue>): WriteCall {
  return { service: 'dnspod', action, region: null, params };
}

/** Creates an enabled record. */
export function createRecord(set: RecordSetRef, record: RecordState): WriteCall {
  return dnspod('CreateRecord', {
    Domain: set.zone,
    SubDomain: set.subdomain,
    RecordType: record.type,
    RecordLine: set.line,
    RecordLineId: set.lineId,
    Value: record.value,
    TTL: record.ttlS,
    Status: record.enabled ? 'ENABLE' : 'DISABLE',
    ...(record.weight ? { Weight: record.weight } : {}),
  });
}

/** Deletes a record that an earlier step created: its id is known only then. */
export function deleteCreatedRecord(set: RecordSetRef, record: RecordState): WriteCall {
  return dnspod('DeleteRecord', { Domain: set.zone, RecordId: { $id: recordKey(record) } });
}

/** Changes only the value of a record: TTL, weight and the rest are unchanged. */
export function modifyRecordValue(record: DnsRecord, value: string): WriteCall {
  return dnspod('ModifyRecordFields', {
    Domain: record.zone,
    RecordId: record.id,
    FieldList: [{ Key: 'value', Value: value }],
  });
}

/**
 * Changes type and value in one call. ModifyRecord sends the whole record and would reset an omitted weight, so an
 * existing weight is sent along.
 */
export function modifyRecordType(record: DnsRecord, type: string, value: string): WriteCall {
  return dnspod('ModifyRecord', {
    Domain: record.zone,
    SubDomain: record.subdomain,
    RecordId: record.id,
    RecordType: type,
    RecordLine: record.line,
    RecordLineId: record.lineId,
    Value: value,
    TTL: record.ttlS,
    Status: record.enabled ? 'ENABLE' : 'DISABLE',
    ...(record.weight ? { Weight: record.weight } : {}),
  });
}

/** A record's id if the snapshot has it, otherwise a placeholder for one that an earlier step creates. */
export type RecordIdParam = number | { readonly $id: string };

/** Enables or disables a record. Disabling is the only way to 0 %: weight 0 would switch weighting off instead. */
export function setRecordStatus(zone: string, id: RecordIdParam, enabled: boolean): WriteCall {
  return dnspod('ModifyRecordStatus', {
    Domain: zone,
    RecordId: id,
    Status: enabled ? 'ENABLE' : 'DISABLE',
  });
}

/** Changes only the TTL of a record, in seconds. */
export function modifyRecordTtl(zone: string, id: RecordIdParam, ttlS: number): WriteCall {
  return dnspod('ModifyRecordFields', {
    Domain: zone,
    RecordId: id,
    FieldList: [{ Key: 'ttl', Value: String(ttlS) }],
  });
}

/** Changes only the weight of a record; null switches weighting off, as DNSPod's 0 does. */
export function modifyRecordWeight(zone: string, id: RecordIdParam, weight: number | null): WriteCall {
  return dnspod('ModifyRecordFields', {
    Domain: zone,
    RecordId: id,
    FieldList: [{ Key: 'weight', Value: String(weight ?? 0) }],
  });
}
