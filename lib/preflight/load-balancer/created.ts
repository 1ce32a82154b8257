import { isPlaceholder, type NewListener, type NewLoadBalancer } from '@/lib/diversion/creates';
import { isPartlyUnread } from '@/lib/estate/gaps';
import type { Listener } from '@/lib/estate/model';
import { findCreated, listNamesakes } from '@/lib/plan/model/anticipate';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';

const { pass, warn, block } = createFindings('created', 'https://cloud.tencent.com/document/api/214/30692');

type Input = Pick<CheckInput, 'before' | 'diversion'>;

function isUsed({ diversion: { routes } }: Input, id: string): boolean {
  return routes.some(({ loadBalancerId, listenerId }) => loadBalancerId === id || listenerId === id);
}

/** Returns the problem with the network that it is created in, as far as that could be read; null = none. */
function placeFinding(
  { before }: Input,
  { region, vpcId, subnetId, masterZone }: NewLoadBalancer,
  found: Pick<Finding, 'field' | 'objects' | 'values'>,
): Finding | null {
  const { values } = found;
  const hasNetworks = !isPartlyUnread(before, `vpc/${region}`) && before.vpcs.length > 0;
  if (hasNetworks && !before.vpcs.some((vpc) => vpc.id === vpcId && vpc.region === region))
    return block({ ...found, why: 'noVpc', values: { ...values, vpc: vpcId } });
  if (hasNetworks && subnetId !== null && before.subnets.find(({ id }) => id === subnetId)?.vpcId !== vpcId)
    return block({ ...found, why: 'noSubnet', values: { ...values, vpc: vpcId, subnet: subnetId } });
  const zones = before.availabilityZones.filter((zone) => zone.region === region && zone.isAvailable);
  const hasZones = !isPartlyUnread(before, `zones/${region}`) && before.availabilityZones.length > 0;
  return hasZones && masterZone !== null && !zones.some(({ id }) => id === masterZone)
    ? block({ ...found, why: 'noZone', values: { ...values, zone: masterZone } })
    : null;
}

function ofLoadBalancer(input: Input, made: NewLoadBalancer, index: number): Finding {
  const { id, name, region } = made;
  const found = { field: `creates.loadBalancers.${index}` as const, objects: [id], values: { name, region } };
  const there = findCreated(input.before, made);
  if (there) return pass({ ...found, objects: [there.id], why: 'there' });
  const taken = listNamesakes(input.before, made).map((each) => each.id);
  if (taken.length > 0) return block({ ...found, objects: taken, why: 'nameTaken' });
  const place = placeFinding(input, made, found);
  if (place !== null) return place;
  if (!isUsed(input, id)) return warn({ ...found, why: 'unused' });
  return pass({ ...found, why: 'made' });
}

/** Returns the load balancer's id in the cloud if it exists: one created by an earlier run has one. */
function getLoadBalancerId(input: Input, id: string): string {
  if (!isPlaceholder(id)) return id;
  const made = input.diversion.creates.loadBalancers.find((each) => each.id === id);
  return (made && findCreated(input.before, made)?.id) ?? id;
}

/** Returns whether a listener is UDP. UDP ports are separate: a TCP listener may use the same number. */
function isUdp({ protocol }: Listener): boolean {
  return protocol === 'UDP' || protocol === 'QUIC';
}

function ofListener(input: Input, made: NewListener, index: number): Finding {
  const { id, protocol, port, certificateId } = made;
  const { listeners } = input.diversion.creates;
  const balancer = getLoadBalancerId(input, made.loadBalancerId);
  const name = `${protocol}:${port}`;
  const found = { field: `creates.listeners.${index}` as const, objects: [id], values: { listener: name } };
  const twin = listeners.findIndex(
    (each) => each.port === port && getLoadBalancerId(input, each.loadBalancerId) === balancer,
  );
  if (twin < index) return block({ ...found, why: 'portTwice', values: { listener: name, port } });
  const there = input.before.listeners.find(
    (each) => each.loadBalancerId === balancer && each.port === port && !isUdp(each),
  );
  if (there === undefined) {
    if (!isUsed(input, id)) return warn({ ...found, why: 'listenerUnused' });
    return pass({ ...found, why: 'listenerMade' });
  }
  const values = { listener: name, port, protocol: there.protocol };
  const about = { ...found, objects: [there.id], values };
  if (there.protocol !== protocol) return block({ ...about, why: 'portTaken' });
  const shown = there.certificateIds.length > 0 ? there.certificateIds : [there.certificateId];
  return certificateId !== null && there.sniSwitch !== true && !shown.includes(certificateId)
    ? warn({ ...about, why: 'otherCertificate', values: { ...values, certificate: certificateId } })
    : pass({ ...about, why: 'listenerThere' });
}

/**
 * Checks that the objects of the plan can be created, and are used. An existing listener on the port, and a load
 * balancer created by an earlier run, are used as they are, so they must match the request. The rollback deletes
 * created objects, so they have no deletion protection.
 */
export const checkCreated: Check = (input) => {
  const { loadBalancers, listeners } = input.diversion.creates;
  return [
    ...loadBalancers.map((made, index) => ofLoadBalancer(input, made, index)),
    ...listeners.map((made, index) => ofListener(input, made, index)),
  ];
};
