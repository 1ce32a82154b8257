import { isPlaceholder } from '@/lib/diversion/creates';
import type { RouteDraft } from '@/lib/draft/draft';
import {
  findDomainProblem,
  findInstanceProblem,
  findListenerProblem,
  findLoadBalancerProblem,
  findRuleProblem,
  type Ineligible,
} from '@/lib/draft/find-ineligible';
import { getHostName, listListeners, listRules } from '@/lib/estate/look-up';
import type { Estate, LoadBalancer } from '@/lib/estate/model';

/** One option of a field: `hint` is shown at the right, in quiet text. */
export type RouteOption = {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  /** Of a certificate: the instant until which it is valid; null = unknown. */
  readonly until?: string | null;
  /** The reason why it can't serve the route; absent = nothing is known against it. */
  readonly problem?: Ineligible;
};

/** Adds the reason to an option, if there is one. */
export function markOption(option: RouteOption, problem: Ineligible | null): RouteOption {
  return problem === null ? option : { ...option, problem };
}

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** Returns the names in the estate's zones that have a destination, each with its enabled records. */
export function domainOptions(estate: Pick<Estate, 'records' | 'zones'>): readonly RouteOption[] {
  const hints = new Map<string, string[]>();
  for (const record of estate.records) {
    if (!addressTypes.includes(record.type)) continue;
    const name = getHostName(record);
    const hint = hints.get(name) ?? [];
    if (record.enabled) hint.push(`${record.type} ${record.value}`);
    hints.set(name, hint);
  }
  return [...hints]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, values]) =>
      markOption({ value: name, label: name, hint: values.join(', ') }, findDomainProblem(estate, name)),
    );
}

const families: Readonly<Record<LoadBalancer['addressFamily'], string>> = {
  ipv4: 'IPv4',
  'ipv6-nat64': 'IPv6 NAT64',
  'ipv6-full-chain': 'IPv6',
  unknown: 'IP version not known',
};

/**
 * Returns every load balancer of the estate, with the reason if it can't have the route: choosing one shows how to fix
 * it.
 * @param newWord shown beside one that the diversion creates
 * @param accountName shown beside one of another account
 */
export function loadBalancerOptions(
  estate: Pick<Estate, 'loadBalancers'>,
  to: RouteDraft['to'],
  newWord: string,
  accountName: (connectionId: string) => string = (id) => id,
): readonly RouteOption[] {
  return [...estate.loadBalancers]
    .sort((a, b) => a.region.localeCompare(b.region) || a.name.localeCompare(b.name))
    .map((lb) => {
      const hint = [
        ...(isPlaceholder(lb.id) ? [newWord] : []),
        ...(lb.connectionId === undefined ? [] : [accountName(lb.connectionId)]),
        lb.region,
        families[lb.addressFamily],
        ...(lb.generation === 'classic' ? ['classic'] : []),
      ].join(', ');
      const option = { value: lb.id, label: lb.name === '' ? lb.id : lb.name, hint };
      return markOption(option, isPlaceholder(lb.id) ? null : findLoadBalancerProblem(lb, to));
    });
}

/** Returns the listeners of one load balancer, by port. */
export function listenerOptions(
  estate: Pick<Estate, 'listeners'>,
  { loadBalancerId, to }: Pick<RouteDraft, 'loadBalancerId' | 'to'>,
  newWord: string,
): readonly RouteOption[] {
  return listListeners(estate, loadBalancerId)
    .toSorted((a, b) => a.port - b.port)
    .map((listener) =>
      markOption(
        {
          value: listener.id,
          label: `${listener.protocol}:${listener.port}`,
          hint: isPlaceholder(listener.id) ? newWord : listener.id,
        },
        findListenerProblem(listener, to),
      ),
    );
}

/**
 * Returns the rules of a listener: those that can serve the route come first, the others have the reason. A rule whose
 * targets the function replaces can serve. The caller adds "New rule".
 */
export function ruleOptions(
  estate: Pick<Estate, 'rules'>,
  { listenerId, domain, to, rule: chosen }: Pick<RouteDraft, 'listenerId' | 'domain' | 'to' | 'rule'>,
): readonly RouteOption[] {
  return [...listRules(estate, listenerId)]
    .sort((a, b) => a.domain.localeCompare(b.domain) || a.url.localeCompare(b.url))
    .map((rule) => {
      const option = { value: rule.id, label: `${rule.domain}${rule.url}`, hint: rule.id };
      const problem = findRuleProblem(rule, { domain, to });
      const isSwapped = problem === 'hasTargets' && chosen.kind === 'swap' && chosen.ruleId === rule.id;
      return markOption(option, isSwapped ? null : problem);
    });
}

/** Returns the instances of a region, those that can't be added to a rule with the reason. */
export function instanceOptions(
  estate: Pick<Estate, 'instances'>,
  region: string | undefined,
  bound: readonly string[],
): readonly RouteOption[] {
  return estate.instances
    .filter((instance) => instance.region === region)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((instance) => {
      const option = {
        value: instance.id,
        label: instance.name === '' ? instance.id : instance.name,
        hint: [instance.privateIps[0] ?? instance.id, instance.state.toLowerCase()].join(', '),
      };
      return markOption(option, findInstanceProblem(instance, bound));
    });
}
