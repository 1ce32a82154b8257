import 'server-only';
import { z } from 'zod';
import type { HistoryPlacesView, HistoryPlaceView } from '@/lib/contract/capacity';
import { listListeners, listRulesBehind } from '@/lib/estate/look-up';
import type { Estate, Rule } from '@/lib/estate/model';
import { hasWords } from '@/lib/has-words';
import type { Actor } from '@/lib/policy/actor';
import { seeEstate } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';

const listedMax = 50;

const Asked = z.object({
  connectionId: z.string().max(200),
  search: z.string().max(200).default(''),
});

const countDomains = (rules: readonly Rule[]) => rules.reduce((sum, { domains }) => sum + domains.length, 0);

/** Lists the paths of a domain, if it has several: with one, all of its requests are those of the path. */
function listPaths(rules: readonly Rule[], domain: string): readonly string[] {
  const paths = new Set(rules.filter(({ domains }) => domains.includes(domain)).map(({ url }) => url));
  return paths.size < 2 ? [] : [...paths].toSorted();
}

/**
 * Lists the places whose requests Monitor counts: each load balancer, the domains of its listeners, and the paths of each
 * domain that has rules for several.
 */
function listPlaces(estate: Estate, seen: Estate): readonly HistoryPlaceView[] {
  return seen.loadBalancers
    .filter(({ connectionId = seen.connectionId }) => connectionId === seen.connectionId)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ id, name, region }): readonly HistoryPlaceView[] => {
      const place = { region, loadBalancerId: id, listenerId: null, domain: null, url: null };
      const rules = listRulesBehind(seen, id);
      const parts = listListeners(seen, id).flatMap((listener) => {
        const own = rules.filter(({ listenerId }) => listenerId === listener.id);
        return [...new Set(own.flatMap(({ domains }) => domains))].flatMap((domain) =>
          [null, ...listPaths(own, domain)].map((url) => ({
            place: { ...place, listenerId: listener.id, domain, url },
            name: name || id,
            listener: `${listener.protocol}:${listener.port}`,
          })),
        );
      });
      // Who may see only some of its domains gets no sum of all.
      const isWhole = countDomains(rules) === countDomains(listRulesBehind(estate, id));
      return isWhole ? [{ place, name: name || id, listener: null }, ...parts] : parts;
    });
}

/** Returns the places of an account's newest snapshot that an actor may see; null = it has none. */
export async function readPlaces(
  connectionId: string,
  actor: Actor,
): Promise<readonly HistoryPlaceView[] | null> {
  const { db } = (await serverContext()).database;
  const estate = await newestSnapshot(db, connectionId);
  return estate && listPlaces(estate, seeEstate(actor, 'capacity.listPlaces', estate));
}

/**
 * Returns the load balancers of an account, the domains of their listeners, and their paths, whose past requests can be read:
 * the first 50 that have all words of a search. null = the account has no snapshot.
 */
export const listHistoryPlaces = query(
  'capacity.listPlaces',
  Asked,
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, search }, actor): Promise<HistoryPlacesView | null> => {
    const places = await readPlaces(connectionId, actor);
    if (places === null) return null;
    const found = places.filter(({ place, name, listener }) =>
      hasWords(
        [
          name,
          place.loadBalancerId,
          place.region,
          `${place.domain ?? ''}${place.url ?? ''}`,
          listener ?? '',
        ].join(' '),
        search,
      ),
    );
    return { places: found.slice(0, listedMax), total: found.length };
  },
);
