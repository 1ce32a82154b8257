import { functionBody } from './cloud/model-prober';
import { madeName, region, rule, target, targetChoice } from './estate-parts';
import type { Random } from './random';

/** The location of a side's routes: a load balancer and a listener, and which of them the diversion creates. */
export type SidePlace = {
  readonly loadBalancerId: string;
  readonly listenerId: string;
  readonly creates: { readonly loadBalancers: readonly object[]; readonly listeners: readonly object[] };
};

/** One side of a diversion: its routes, and the existing rules. */
export type Side = { readonly routes: readonly object[]; readonly rules: readonly object[] };

/** Returns an existing place. */
export function createPlace(loadBalancerId: string): SidePlace {
  return {
    loadBalancerId,
    listenerId: `lbl-${loadBalancerId}`,
    creates: { loadBalancers: [], listeners: [] },
  };
}

function madeListener(loadBalancerId: string, port: number) {
  return { id: '@listener', loadBalancerId, name: madeName, protocol: 'HTTP', port };
}

/** Returns a new listener on an existing load balancer. */
export function placeOnNewListener(loadBalancerId: string): SidePlace {
  const made = madeListener(loadBalancerId, 8080);
  return { loadBalancerId, listenerId: made.id, creates: { loadBalancers: [], listeners: [made] } };
}

/** Returns a new load balancer; public ones have a name, internal ones an address. */
export function placeOnNewLoadBalancer(network: 'OPEN' | 'INTERNAL'): SidePlace {
  const made = { id: '@lb', name: madeName, region, network, vpcId: 'vpc-1' };
  const loadBalancers = [network === 'INTERNAL' ? { ...made, subnetId: 'subnet-1' } : made];
  const listeners = [madeListener(made.id, 80)];
  return { loadBalancerId: made.id, listenerId: '@listener', creates: { loadBalancers, listeners } };
}

/** Returns the URLs of a name's routes, each once. */
function randomUrls(random: Random): readonly string[] {
  return random.pick([['/'], ['/'], ['/sale'], ['/', '/sale'], ['/', '/sale', '/static']]);
}

/**
 * Generates the function's side: each rule is missing, empty or bound already, or has servers that are replaced at T0.
 */
export function functionSide(
  random: Random,
  domain: string,
  { loadBalancerId, listenerId }: SidePlace,
  { swaps = true, key = 'b' } = {},
): Side {
  const name = { namespace: 'flash', name: 'storefront' };
  const made = randomUrls(random).map((url, index) => {
    const fn = { ...name, qualifier: random.pick(['1', '$LATEST', 'live']) };
    const isThere = !listenerId.startsWith('@');
    const found = isThere
      ? random.pick(['none', 'none', 'empty', 'bound', swaps ? 'swap' : 'none'] as const)
      : 'none';
    const bound = {
      none: {},
      empty: {},
      bound: { functions: [{ ...fn, qualifierType: 'VERSION', weight: 10 }] },
      swap: { targets: Array.from({ length: random.pick([1, 2, 23]) }, (_, i) => target(i + 1)) },
    }[found];
    const ruleId = `loc-${key}${index}`;
    const ruleChoice = {
      none: { kind: 'new', url },
      empty: { kind: 'existing', ruleId },
      bound: { kind: 'existing', ruleId },
      swap: { kind: 'swap', ruleId },
    }[found];
    const route = {
      to: 'function',
      domain,
      loadBalancerId,
      listenerId,
      rule: ruleChoice,
      function: { region, ...fn },
      expectedBody: functionBody,
      provisioned: fn.qualifier === '$LATEST' ? null : random.pick([null, null, 2, 5, 150]),
    };
    return { route, rules: found === 'none' ? [] : [rule(ruleId, loadBalancerId, domain, url, bound)] };
  });
  return { routes: made.map(({ route }) => route), rules: made.flatMap(({ rules }) => rules) };
}

/** Generates the servers' side; occasionally with nothing bound, so that nothing answers there. */
export function serverSide(
  random: Random,
  domain: string,
  { loadBalancerId, listenerId }: SidePlace,
  { isThere = true, added = 0, key = 'a' } = {},
): Side {
  const made = randomUrls(random).map((url, index) => {
    const count = random.int(random.chance(0.05) ? 0 : 1, 2);
    const targets = Array.from({ length: count }, (_, i) => target(i + 1));
    const ruleId = `loc-${key}${index}`;
    const addTargets = Array.from({ length: added }, (_, i) => targetChoice(i + 2));
    const route = {
      to: 'cvm',
      domain,
      loadBalancerId,
      listenerId,
      addTargets,
      rule: isThere ? { kind: 'existing', ruleId } : { kind: 'new', url },
    };
    return { route, rules: isThere ? [rule(ruleId, loadBalancerId, domain, url, { targets })] : [] };
  });
  return { routes: made.map(({ route }) => route), rules: made.flatMap(({ rules }) => rules) };
}
