import type { EstateList, EstateObject, EstateObjects } from '@/lib/estate/estate-lists';
import type { AuditEvent } from './audit';
import type { EstateChange } from './diff-estates';

type Namer<T> = (object: T) => readonly (string | number)[];

/**
 * The names under which a trail may list actions on an object. CLB's trail names load balancers, not what is on them.
 */
const namers: { readonly [K in EstateList]: Namer<EstateObjects[K]> } = {
  zones: ({ id, name }) => [id, name],
  records: ({ id, zone }) => [id, zone],
  loadBalancers: ({ id }) => [id],
  listeners: ({ id, loadBalancerId }) => [id, loadBalancerId],
  rules: ({ id, listenerId, loadBalancerId }) => [id, listenerId, loadBalancerId],
  functions: ({ name }) => [name],
  instances: ({ id }) => [id],
  // No call sets these: they follow from the account or from other objects.
  clbQuotas: () => [],
  scfAccounts: () => [],
  scfNamespaces: ({ name }) => [name],
  vpcs: ({ id }) => [id],
  subnets: ({ id }) => [id],
  availabilityZones: () => [],
  securityGroups: ({ id }) => [id],
  certificates: ({ id }) => [id],
  customConfigs: ({ id }) => [id],
  dnsLines: () => [],
  igtm: ({ id }) => [id],
  gaps: () => [],
};

/** Returns the ids and names by which a trail may name an object. */
export function namesInTrail(list: EstateList, object: EstateObject): readonly string[] {
  return (namers[list] as Namer<EstateObject>)(object).map(String);
}

/** The names of the calls that can change these fields: https://cloud.tencent.com/document/api/214/30667 */
const callsFor: Readonly<Record<string, RegExp>> = {
  targets: /Target/,
  functions: /FunctionTargets/,
};

/** Returns whether a call of this name can have made a change, judging by the name alone. */
function canMake(action: string, change: EstateChange): boolean {
  if (change.kind !== 'rules' && change.kind !== 'listeners') return true;
  if (change.op !== 'changed') return !/Target|Weight/.test(action);
  return change.fields.some(({ field }) => {
    const calls = callsFor[field];
    // Binding sets no other field of a rule or listener.
    return calls === undefined ? !/Target/.test(action) : calls.test(action);
  });
}

/**
 * Returns the events of a trail that can have made a change: matching calls, on a name that the object is known by, in
 * the time span in which it happened.
 * @param names see `namesInTrail`
 * @param span epoch ms; the trail has whole seconds
 */
export function eventsFor(
  events: readonly AuditEvent[],
  change: EstateChange,
  names: readonly string[],
  span: { readonly from: number; readonly to: number },
): readonly AuditEvent[] {
  return events.filter((event) => {
    const at = Date.parse(event.at);
    return (
      at + 999 >= span.from &&
      at <= span.to &&
      event.resources.some((resource) => names.includes(resource)) &&
      canMake(event.action, change)
    );
  });
}
