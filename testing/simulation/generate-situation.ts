import { AccessDiversion, type Diversion, SplitDiversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { buildEstate, names, otherVips, records, vips, zone } from './estate-parts';
import {
  createPlace,
  functionSide,
  placeOnNewListener,
  placeOnNewLoadBalancer,
  type SidePlace,
  serverSide,
} from './generate-sides';
import type { Random } from './random';

/** An estate, and the diversion that an operator wants. */
export type Situation = { readonly estate: Estate; readonly diversion: Diversion };

const lowerTtlS = (random: Random) => random.pick([null, null, 1, 30]);
const warm = (random: Random) => random.pick([0, 0, 3]);

/** Generates where functions are published: on existing objects, or on a new listener or load balancer. */
function functionPlace(random: Random): SidePlace {
  return random.pick<() => SidePlace>([
    ...[
      () => createPlace('lb-b'),
      () => createPlace('lb-b'),
      () => createPlace('lb-b'),
      () => createPlace('lb-a'),
    ],
    () => placeOnNewListener('lb-b'),
    () => placeOnNewLoadBalancer('OPEN'),
    () => placeOnNewLoadBalancer('INTERNAL'),
  ])();
}

/** Generates the records of a name that is moved to a function, some of which point there already. */
function randomRecords(random: Random, firstId: number, subdomain: string): object[] {
  return records(random, firstId, subdomain, [
    ...[vips.a, ...otherVips],
    ...(random.chance(0.2) ? [vips.b] : []),
  ]);
}

function randomAccess(random: Random): Situation {
  const place = functionPlace(random);
  const subdomains = random.pick([['flash'], ['flash'], ['flash', 'sale'], ['@']]);
  const sides = subdomains.map((subdomain) =>
    functionSide(random, subdomain === '@' ? zone : `${subdomain}.${zone}`, place, { key: subdomain }),
  );
  const name = random.chance(0.25) ? names.own : null;
  const estate = buildEstate({
    records: subdomains.flatMap((subdomain, i) => randomRecords(random, 31 + 20 * i, subdomain)),
    rules: sides.flatMap(({ rules }) => rules),
    names: { a: null, b: name },
    warm: warm(random),
    isNameTaken: random.chance(0.05),
  });
  const routes = sides.flatMap((side) => side.routes);
  const { creates } = place;
  const wanted = { kind: 'access', name: 'simulated', creates, lowerTtlS: lowerTtlS(random), routes };
  return { estate, diversion: AccessDiversion.parse(wanted) };
}

function randomSplit(random: Random): Situation {
  const place = functionPlace(random);
  const isThere = random.chance(0.85);
  const added = random.chance(0.5) ? random.int(1, 4) : isThere ? 0 : 1;
  const a = serverSide(random, `shop.${zone}`, createPlace('lb-a'), { isThere, added });
  const b = functionSide(random, `flash.${zone}`, place);
  const name = random.chance(0.25) ? names.own : null;
  const estate = buildEstate({
    records: [
      ...records(random, 11, 'shop', random.chance(0.7) ? [vips.a] : [...otherVips, vips.a]),
      ...randomRecords(random, 31, 'flash'),
    ],
    rules: [...a.rules, ...b.rules],
    names: { a: null, b: name },
    warm: warm(random),
    isNameTaken: random.chance(0.05),
  });
  const routes = [...a.routes, ...b.routes];
  const { creates } = place;
  const wanted = { kind: 'split', name: 'simulated', creates, lowerTtlS: lowerTtlS(random), routes };
  return { estate, diversion: SplitDiversion.parse(wanted) };
}

function randomSwitch(random: Random): Situation {
  const domain = `flash.${zone}`;
  // Records of a Switch are all addresses or all names, and created ones must match them.
  const isNamed = random.chance(0.3);
  const place = random.pick<() => SidePlace>([
    () => createPlace('lb-b'),
    () => createPlace('lb-b'),
    () => placeOnNewListener('lb-b'),
    () => placeOnNewLoadBalancer(isNamed ? 'OPEN' : 'INTERNAL'),
  ])();
  const a = serverSide(random, domain, createPlace('lb-a'));
  const b = functionSide(random, domain, place, { swaps: false });
  const addresses = [vips.a, ...(random.chance(0.5) ? [vips.b] : []), ...otherVips.slice(1)];
  const cnames = [names.a, ...(random.chance(0.5) ? [names.own] : [])];
  const estate = buildEstate({
    records: isNamed ? records(random, 31, 'flash', [], cnames) : records(random, 31, 'flash', addresses),
    rules: [...a.rules, ...b.rules],
    names: isNamed ? { a: names.a, b: names.own } : { a: null, b: null },
    warm: warm(random),
    isNameTaken: random.chance(0.05),
  });
  const bake = () => random.pick([0, 20, 90]);
  const shares = random.pick([[100], [10, 100], [5, 50, 100], [20]]);
  const ramp = shares.map((percent) => ({ percent, bakeS: bake() }));
  const toward = random.chance(0.7) ? 'function' : 'cvm';
  const { creates } = place;
  const wanted = { kind: 'switch', name: 'simulated', creates, lowerTtlS: lowerTtlS(random), toward, ramp };
  return { estate, diversion: SwitchDiversion.parse({ ...wanted, routes: [...a.routes, ...b.routes] }) };
}

/** Generates a Switch of two to five names in up to four waves, some of whose names may be in place already. */
export function generateWaves(random: Random): Situation & { readonly diversion: SwitchDiversion } {
  const subdomains = ['flash', 'shop', 'sale', 'pay', 'news'].slice(0, random.int(2, 5));
  const sides = subdomains.map((key) => {
    const domain = `${key}.${zone}`;
    const a = serverSide(random, domain, createPlace('lb-a'), { key: `a-${key}-` });
    const b = functionSide(random, domain, createPlace('lb-b'), { swaps: false, key: `b-${key}-` });
    return { domain, routes: [...a.routes, ...b.routes], rules: [...a.rules, ...b.rules] };
  });
  const addresses = [vips.a, ...(random.chance(0.5) ? [vips.b] : []), ...otherVips.slice(1)];
  const estate = buildEstate({
    records: subdomains.flatMap((subdomain, nth) => records(random, 31 + 20 * nth, subdomain, addresses)),
    rules: sides.flatMap(({ rules }) => rules),
    names: { a: null, b: null },
    warm: warm(random),
    isNameTaken: false,
  });
  const waves: { names: string[]; bakeS: number }[] = [];
  for (const { domain } of sides) {
    const open = waves.at(-1);
    if (open === undefined || (waves.length < 4 && random.chance(0.6)))
      waves.push({ names: [domain], bakeS: random.pick([0, 30, 300]) });
    else open.names.push(domain);
  }
  const shares = random.pick([[100], [100], [10, 100], [20]]);
  const diversion = SwitchDiversion.parse({
    kind: 'switch',
    name: 'simulated',
    lowerTtlS: lowerTtlS(random),
    routes: sides.flatMap(({ routes }) => routes),
    waves,
    toward: random.chance(0.7) ? 'function' : 'cvm',
    ramp: shares.map((percent) => ({ percent, bakeS: random.pick([0, 20]) })),
  });
  return { estate, diversion };
}

/** Generates all possible initial states of routes, for a diversion of any kind. */
export function generateSituation(random: Random): Situation {
  return random.pick([randomAccess, randomSplit, randomSplit, randomSwitch])(random);
}
