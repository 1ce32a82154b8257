import { isMainland } from '@/lib/estate/facts/regions';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { movesOf } from '@/lib/preflight/model/moves';
import { movedNames } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { unknown } = createFindings(
  'icp-filing',
  'https://intl.cloud.tencent.com/document/product/1022/31665',
);

/**
 * Names the domains that gain a public address in mainland China: websites there need an ICP filing. No action of the
 * cloud tells whether a domain has one, so this is unknown, and blocks nothing.
 */
export const checkIcpFiling: Check = (input) => {
  const from = new Map(movesOf(input).map((move) => [move.route.hostName, move.from]));
  const gaining = movedNames(input).filter(
    ({ hostName, route: { loadBalancer } }) =>
      loadBalancer.network === 'OPEN' &&
      isMainland(loadBalancer.region) &&
      !from.get(hostName)?.some(({ region }) => isMainland(region)),
  );
  const [first] = gaining;
  if (first === undefined) return [];
  const names = gaining.map(({ hostName }) => hostName).sort();
  return [
    unknown({
      field: routeFieldName(first.route, 'domain'),
      objects: names,
      why: 'notCheckable',
      values: { names: names.join(', '), count: names.length },
    }),
  ];
};
