import 'server-only';
import type { Answer, SessionCookies } from '@/lib/client/actions';
import { routes } from '@/lib/routes';
import { webProcess } from '@/lib/server/web-process';
import { publicUrl } from '@/lib/settings';

/** An address to which a browser is led, with the cookies that it gets. */
export type Led = SessionCookies & { readonly address: string };

function lead(address: string, cookies: readonly string[] = []): Response {
  const headers = { Location: address, 'Cache-Control': 'no-store' };
  const response = new Response(null, { status: 303, headers });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

/**
 * Creates the GET handler of a verb of single sign-on, which leads the browser on: to the provider, or back to a page. If it
 * is refused, it leads to the sign-in page, which shows the problem. The provider leads back to the public address, so the
 * browser must use that from the start.
 * @param readInput reads the input of the verb from the query parameters
 */
export function leadRoute(
  act: (input: unknown) => Answer<Led>,
  readInput: (params: URLSearchParams) => unknown,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { searchParams, pathname, search } = new URL(request.url);
    const url = publicUrl(webProcess().settings);
    const host = request.headers.get('host');
    if (host !== null && host !== new URL(url).host) return lead(`${url}${pathname}${search}`);
    const answer = await act(readInput(searchParams));
    if (answer.ok) return lead(answer.value.address, answer.value.cookies);
    const problem = answer.error.form?.message ?? 'sso.invalid';
    return lead(`${routes.signIn()}?${new URLSearchParams({ problem })}`);
  };
}
