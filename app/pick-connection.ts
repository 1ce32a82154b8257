import { cookies } from 'next/headers';
import { cookieNames } from '@/lib/browser-cookies';
import type { ConnectionView } from '@/lib/client/views';

/**
 * Returns the account that a page is about: the one in its address, the one chosen last in this browser, or the first.
 * @returns undefined without accounts
 */
export async function pickConnection(
  connections: readonly ConnectionView[],
  wanted?: string | null,
): Promise<ConnectionView | undefined> {
  const chosen = (await cookies()).get(cookieNames.connection)?.value;
  const find = (wantedId: string | null | undefined) => connections.find(({ id }) => id === wantedId);
  return find(wanted) ?? find(chosen) ?? connections[0];
}
