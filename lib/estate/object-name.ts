import type { EstateList, EstateObject, EstateObjects } from './estate-lists';
import { findListener, findLoadBalancer, getHostName } from './look-up';
import type { Estate, Listener } from './model';

/** The display name of an object, and its location. */
export type ObjectName = { readonly name: string; readonly place: string };

const placed = (name: string, ...places: readonly (string | undefined)[]): ObjectName => ({
  name,
  place: places.filter((place) => place !== undefined && place !== '').join(' · '),
});

const formatListenerPort = (listener: Listener | undefined) =>
  listener && `${listener.protocol}:${listener.port}`;

type Namer<T> = (object: T, estate: Estate) => ObjectName;

const namers: { readonly [K in EstateList]: Namer<EstateObjects[K]> } = {
  zones: ({ name }) => placed(name),
  records: (record) =>
    placed(`${record.type} ${getHostName(record)}`, record.value, record.lineId === '0' ? '' : record.line),
  loadBalancers: ({ name, id, region }) => placed(name, id, region),
  listeners: (listener, estate) => {
    const balancer = findLoadBalancer(estate, listener.loadBalancerId);
    return placed(
      formatListenerPort(listener) ?? '',
      balancer?.name ?? listener.loadBalancerId,
      listener.name,
      balancer?.region,
    );
  },
  rules: (rule, estate) => {
    const balancer = findLoadBalancer(estate, rule.loadBalancerId);
    const listener = findListener(estate, rule.loadBalancerId, rule.listenerId);
    return placed(
      `${rule.domain}${rule.url}`,
      balancer?.name ?? rule.loadBalancerId,
      formatListenerPort(listener),
      balancer?.region,
    );
  },
  functions: ({ region, namespace, name }) => placed(`${namespace}/${name}`, region),
  instances: ({ name, id, region }) => placed(name, id, region),
  clbQuotas: ({ region }) => placed(region),
  scfAccounts: ({ region }) => placed(region),
  vpcs: ({ name, id, region }) => placed(name, id, region),
  subnets: ({ name, id, vpcId, zone }) => placed(name, id, vpcId, zone),
  availabilityZones: ({ id, name }) => placed(id, name),
  securityGroups: ({ id, region }) => placed(id, region),
  scfNamespaces: ({ region, name }) => placed(name, region),
  certificates: ({ id, domains }) => placed(domains[0] ?? id, id),
  customConfigs: ({ name, id, region }) => placed(name, id, region),
  dnsLines: ({ grade }) => placed(grade),
  igtm: ({ name, id }) => placed(name, id),
  gaps: ({ part }) => placed(part),
};

/**
 * Returns the display name of an object.
 * @param estate the one that contains the object, which supplies the load balancer and the listener
 */
export function objectName(list: EstateList, object: EstateObject, estate: Estate): ObjectName {
  return (namers[list] as Namer<EstateObject>)(object, estate);
}
