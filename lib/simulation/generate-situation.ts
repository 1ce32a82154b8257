import type { Diversion } from '@/lib/diversion/diversion';
import { SplitDiversion } from '@/lib/diversion/split';
import { SwitchDiversion } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { estateOf, names, otherVips, records, region, rule, target, vips, zone } from './estate-parts';
import { functionBody } from './model-prober';
import type { Random } from './random';

/** An estate, and what an operator wants of it. */
export type Situation = { readonly estate: Estate; readonly diversion: Diversion };

/** The function's side: a rule that is missing, empty or bound already, below the root or at a path. */
function functionSide(random: Random, domain: string, loadBalancerId: string) {
  const found = random.pick(['none', 'none', 'empty', 'bound'] as const);
  const fn = { namespace: 'flash', name: 'storefront', qualifier: random.pick(['1', '$LATEST', 'live']) };
  const bound = { functions: [{ ...fn, qualifierType: 'VERSION', weight: 10 }] };
  const url = random.pick(['/', '/sale']);
  const own = rule('loc-b', loadBalancerId, domain, url, found === 'bound' ? bound : {});
  const lane = {
    ...{ domain, loadBalancerId, listenerId: `lbl-${loadBalancerId}` },
    rule: found === 'none' ? { kind: 'new', url } : { kind: 'existing', ruleId: 'loc-b' },
    function: { region, ...fn },
    expectedBody: functionBody,
  };
  return { lane, rules: found === 'none' ? [] : [own] };
}

/** The servers' side; now and then with nothing bound, so that nothing answers there. */
function serverSide(random: Random, domain: string, hasRule: boolean, added: number) {
  const count = random.int(random.chance(0.05) ? 0 : 1, 2);
  const targets = Array.from({ length: count }, (_, i) => target(i + 1));
  const lane = {
    ...{ domain, loadBalancerId: 'lb-a', listenerId: 'lbl-lb-a' },
    rule: hasRule ? { kind: 'existing', ruleId: 'loc-a' } : { kind: 'new', url: '/' },
    addTargets: Array.from({ length: added }, (_, i) => ({
      instanceId: `ins-${i + 2}`,
      port: 8080,
      weight: 10,
    })),
  };
  return { lane, rules: hasRule ? [rule('loc-a', 'lb-a', domain, '/', { targets })] : [] };
}

function splitOf(random: Random): Situation {
  const isApex = random.chance(0.1);
  const isOneBalancer = random.chance(0.2);
  const name = random.chance(0.25) ? names.own : null;
  const hasRule = random.chance(0.85);
  const added = random.chance(0.5) ? random.int(1, 4) : hasRule ? 0 : 1;
  const a = serverSide(random, `shop.${zone}`, hasRule, added);
  const b = functionSide(random, isApex ? zone : `flash.${zone}`, isOneBalancer ? 'lb-a' : 'lb-b');
  const estate = estateOf({
    records: [
      ...records(random, 11, 'shop', random.chance(0.7) ? [vips.a] : [...otherVips, vips.a]),
      ...records(random, 31, isApex ? '@' : 'flash', [
        ...[vips.a, ...otherVips],
        ...(random.chance(0.2) ? [vips.b] : []),
      ]),
    ],
    rules: [...a.rules, ...b.rules],
    names: { a: isOneBalancer ? name : null, b: name },
  });
  const wanted = { kind: 'split', name: 'simulated', laneA: a.lane, laneB: b.lane };
  return { estate, diversion: SplitDiversion.parse(wanted) };
}

function switchOf(random: Random): Situation {
  const domain = `flash.${zone}`;
  const a = serverSide(random, domain, true, 0);
  const b = functionSide(random, domain, 'lb-b');
  const estate = estateOf({
    records: records(random, 31, 'flash', [
      vips.a,
      ...(random.chance(0.5) ? [vips.b] : []),
      ...otherVips.slice(1),
    ]),
    rules: [...a.rules, ...b.rules],
    names: { a: null, b: null },
  });
  const bake = () => random.pick([0, 20, 90]);
  const shares = random.pick([[100], [10, 100], [5, 50, 100], [20]]);
  const ramp = shares.map((percent) => ({ percent, bakeS: bake() }));
  const toward = random.chance(0.7) ? 'function' : 'cvm';
  const wanted = { kind: 'switch', name: 'simulated', laneA: a.lane, laneB: b.lane, toward, ramp };
  return { estate, diversion: SwitchDiversion.parse(wanted) };
}

/** All ways in which two lanes can stand before a diversion of either kind. */
export function generateSituation(random: Random): Situation {
  return random.chance(0.7) ? splitOf(random) : switchOf(random);
}
