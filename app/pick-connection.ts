import { cookies } from 'next/headers';
import { needRight } from '@/app/or-forbidden';
import { cookieNames } from '@/lib/browser-cookies';
import { hasRight } from '@/lib/client/session/has-right';
import type { ConnectionView } from '@/lib/contract/connection';
import { getSession } from '@/lib/server/auth/get-session';

/**
 * Returns the account that a page is about: the one in its address, or else the one chosen last in this browser, or the first.
 * @param connections those that the person may see
 * @param candidates those to choose from if the address names none
 * @returns undefined without accounts, or if the one in the address is not among them: another one must not be shown in its
 * place. The estate page says so
 */
export async function pickConnection(
  connections: readonly ConnectionView[],
  wanted?: string | null,
  candidates = connections,
): Promise<ConnectionView | undefined> {
  if (wanted) return connections.find(({ id }) => id === wanted);
  const chosen = (await cookies()).get(cookieNames.connection)?.value;
  return candidates.find(({ id }) => id === chosen) ?? candidates[0];
}

const getFootprint = (connectionId: string) => ({ connections: [connectionId], regions: [], domains: [] });

/** Returns the account that a page is about, on which the person must be allowed to operate: see `pickConnection`. */
export async function pickOperable(
  connections: readonly ConnectionView[],
  wanted: string | null | undefined,
): Promise<ConnectionView | undefined> {
  const session = await getSession();
  const operable = connections.filter(({ id }) => hasRight(session, 'operate', getFootprint(id)));
  const picked = await pickConnection(connections, wanted, operable);
  if (picked !== undefined) await needRight('operate', getFootprint(picked.id));
  return picked;
}
