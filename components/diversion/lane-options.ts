import type { FunctionChoice } from '@/lib/diversion/split';
import { findFunction, hostNameOf, rulesOf } from '@/lib/estate/look-up';
import type { Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';

/** One choice of a field: `hint` stands at the right, in quiet text. */
export type LaneOption = { readonly value: string; readonly label: string; readonly hint: string };

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** The names in the estate's zones that lead somewhere, each with its enabled records. */
export function domainOptions(estate: Estate): readonly LaneOption[] {
  const hints = new Map<string, string[]>();
  for (const record of estate.records) {
    if (!addressTypes.includes(record.type)) continue;
    const name = hostNameOf(record);
    const hint = hints.get(name) ?? [];
    if (record.enabled) hint.push(`${record.type} ${record.value}`);
    hints.set(name, hint);
  }
  return [...hints]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, values]) => ({ value: name, label: name, hint: values.join(', ') }));
}

const families: Readonly<Record<LoadBalancer['addressFamily'], string>> = {
  ipv4: 'IPv4',
  'ipv6-nat64': 'IPv6 NAT64',
  'ipv6-full-chain': 'IPv6',
  unknown: 'IP version not known',
};

/** Every load balancer of the estate, also those that the checks refuse: choosing one shows why. */
export function loadBalancerOptions(estate: Estate): readonly LaneOption[] {
  return [...estate.loadBalancers]
    .sort((a, b) => a.region.localeCompare(b.region) || a.name.localeCompare(b.name))
    .map((lb) => ({
      value: lb.id,
      label: lb.name === '' ? lb.id : lb.name,
      hint: [lb.region, families[lb.addressFamily], ...(lb.generation === 'classic' ? ['classic'] : [])].join(
        ', ',
      ),
    }));
}

/** The listeners of one load balancer, by port. */
export function listenerOptions(estate: Estate, loadBalancerId: string): readonly LaneOption[] {
  return estate.listeners
    .filter((listener) => listener.loadBalancerId === loadBalancerId)
    .sort((a, b) => a.port - b.port)
    .map((listener) => ({
      value: listener.id,
      label: `${listener.protocol}:${listener.port}`,
      hint: listener.id,
    }));
}

/** The rules that a listener already has for a domain. "New rule" is the caller's to add. */
export function ruleOptions(estate: Estate, listenerId: string, domain: string): readonly LaneOption[] {
  return rulesOf(estate, listenerId)
    .filter((rule) => rule.domains.includes(domain))
    .sort((a, b) => a.url.localeCompare(b.url))
    .map((rule) => ({ value: rule.id, label: `${rule.domain}${rule.url}`, hint: rule.id }));
}

/**
 * A function with a version, as one choice. Functions of `region` come first; the others stay in the list,
 * because choosing one shows the rule that forbids it.
 */
export function functionOptions(estate: Estate, region: string | undefined): readonly LaneOption[] {
  const rank = (fn: ScfFunction) => (fn.region === region ? 0 : 1);
  return [...estate.functions]
    .sort((a, b) => rank(a) - rank(b) || a.region.localeCompare(b.region) || a.name.localeCompare(b.name))
    .flatMap((fn) =>
      publishedFirst(fn.versions).map((qualifier) => ({
        value: functionKey({ ...fn, qualifier }),
        label: `${fn.namespace}/${fn.name}:${qualifier}`,
        hint: `${fn.type}, ${fn.memoryMb} MB, ${fn.region}`,
      })),
    );
}

/** Published versions do not change any more, so they are the better choice than `$LATEST`. */
function publishedFirst(versions: readonly string[]): readonly string[] {
  return [...versions.filter((v) => v !== '$LATEST'), ...versions.filter((v) => v === '$LATEST')];
}

/** One text for one function choice: none of its parts may contain a slash or a colon. */
export function functionKey(choice: FunctionChoice): string {
  return choice.name === '' ? '' : `${choice.region}/${choice.namespace}/${choice.name}:${choice.qualifier}`;
}

/**
 * The choice behind a key. A key without a version means the newest published one, or `$LATEST` if there is none;
 * undefined when the text names no function.
 */
export function parseFunctionKey(estate: Estate, key: string): FunctionChoice | undefined {
  const [path = '', given] = key.split(':');
  const [region, namespace, name] = path.split('/');
  if (!region || !namespace || !name) return undefined;
  const versions = findFunction(estate, { region, namespace, name })?.versions ?? [];
  return { region, namespace, name, qualifier: given ?? publishedFirst(versions)[0] ?? '$LATEST' };
}

/** The instances that can be added to a rule of a region, those not bound yet first. */
export function instanceOptions(
  estate: Estate,
  region: string | undefined,
  bound: readonly string[],
): readonly LaneOption[] {
  return estate.instances
    .filter((instance) => instance.region === region)
    .sort(
      (a, b) => Number(bound.includes(a.id)) - Number(bound.includes(b.id)) || a.name.localeCompare(b.name),
    )
    .map((instance) => ({
      value: instance.id,
      label: instance.name === '' ? instance.id : instance.name,
      hint: [instance.privateIps[0] ?? instance.id, instance.state.toLowerCase()].join(', '),
    }));
}
