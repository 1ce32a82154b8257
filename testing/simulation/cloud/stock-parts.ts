import { DnsRecord, Listener, LoadBalancer, Rule, Target } from '@/lib/estate/model';
import type { ListenerRef, RecordSetRef, RecordState, RuleRef, TargetState } from '@/lib/estate/object';

/* Objects of the model cloud in their initial state. */

/** Returns a rule with nothing bound. */
export function createStockRule(ref: Omit<RuleRef, 'kind' | 'region'>, id: number): Rule {
  const { loadBalancerId, listenerId, domain, url } = ref;
  const plain = { isDefault: false, scheduler: 'WRR', quic: false, targetType: 'NODE', redirectsTo: null };
  const made = { id: `loc-new${id}`, loadBalancerId, listenerId, domain, url };
  return Rule.parse({ ...made, ...plain, targets: [], functions: [] });
}

export function newRecord(ref: Omit<RecordSetRef, 'kind'>, state: RecordState, id: number): DnsRecord {
  const { zone, subdomain, line, lineId } = ref;
  return DnsRecord.parse({ id, zone, subdomain, line, lineId, ...state, updatedAt: '' });
}

/** A target as a rule holds it. */
export function toTarget(state: TargetState): Target {
  const { eniIp = null } = state;
  return Target.parse({
    ...state,
    kind: eniIp === null ? 'CVM' : 'ENI',
    instanceName: null,
    privateIp: eniIp,
  });
}

/** Returns a load balancer that is still being created: it has no address yet. */
export function createStockLoadBalancer(
  given: Pick<LoadBalancer, 'name' | 'region' | 'network' | 'vpcId'>,
  id: number,
): LoadBalancer {
  const kind = { generation: 'clb', addressFamily: 'ipv4', status: 'creating' };
  const off = { isolated: false, blocked: false, ipv6: null, vips: [], domain: null };
  return LoadBalancer.parse({ id: `lb-new${id}`, ...given, ...kind, ...off });
}

/** Returns the load balancer once it runs: a public one has a name, an internal one an address of its subnet. */
export function runningLoadBalancer(created: LoadBalancer): LoadBalancer {
  const { id, network } = created;
  const number = Number(id.replace(/\D/g, ''));
  return network === 'OPEN'
    ? { ...created, status: 'running', domain: `${id}.clb.example.net` }
    : {
        ...created,
        status: 'running',
        vips: [`10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`],
      };
}

export function createStockListener(
  given: Omit<ListenerRef, 'kind' | 'region'> & Pick<Listener, 'name' | 'certificateId'>,
  id: number,
): Listener {
  return Listener.parse({ id: `lbl-new${id}`, ...given, targets: [] });
}
