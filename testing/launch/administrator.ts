import { setTimeout as pause } from 'node:timers/promises';
import { sessionPath } from '@/lib/client/session/session';
import { invariant } from '@/lib/invariant';

/** The first account of each app that a journey or a benchmark starts. */
export const administrator = {
  name: 'Sari Wijaya',
  email: 'sari@example.com',
  password: 'three words and a number 7',
};

/** Returns the set-up link in the lines that a launcher prints, one of the last. */
async function findLink(lines: readonly string[]): Promise<URL> {
  for (;;) {
    const link = lines.find((line) => line.includes('/set-up#'));
    if (link !== undefined) return new URL(link.trim());
    await pause(20);
  }
}

/**
 * Creates the first account of an app by its set-up link, as the page of that link does.
 * @param lines everything that the launcher prints
 * @returns the session's cookies, each as `name=value`
 */
export async function setUpAdministrator(lines: readonly string[]): Promise<readonly string[]> {
  const { origin, hash } = await findLink(lines);
  return createAccount(origin, hash.slice(1), administrator.email);
}

/**
 * Creates an account by the token of a set-up link, with the name and the password of the first one.
 * @returns the session's cookies, each as `name=value`
 */
export async function createAccount(
  origin: string,
  token: string,
  email: string,
): Promise<readonly string[]> {
  const answer = await fetch(`${origin}${sessionPath('set-up')}`, {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...administrator, token, email }),
  });
  invariant(answer.ok, `the set-up link creates an account: ${answer.status} ${await answer.clone().text()}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
}
