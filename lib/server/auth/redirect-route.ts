import 'server-only';
import type { Answer } from '@/lib/contract/answer';
import type { SessionCookies } from '@/lib/contract/session';
import { routes } from '@/lib/routes';
import type { AnyOperation } from '@/lib/server/route';
import { publicUrl } from '@/lib/settings';
import { webProcess } from '@/lib/store/web-process';

/** An address to which a browser is redirected, with the cookies that it gets. */
export type Redirect = SessionCookies & { readonly address: string };

function redirect(address: string, cookies: readonly string[] = []): Response {
  const headers = { Location: address, 'Cache-Control': 'no-store' };
  const response = new Response(null, { status: 303, headers });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

/**
 * Creates the GET handler of a verb of single sign-on, which redirects the browser: to the provider, or back to a page. If it
 * is refused, it redirects to the sign-in page, which shows the problem and keeps the page that was asked for. The provider redirects back to the public address, so the
 * browser must use that from the start.
 * @param readInput reads the input of the verb from the query parameters
 */
export function redirectRoute(
  act: AnyOperation<Answer<Redirect>>,
  readInput: (params: URLSearchParams) => unknown,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { searchParams, pathname, search } = new URL(request.url);
    const url = publicUrl(webProcess().settings);
    const host = request.headers.get('host');
    if (host !== null && host !== new URL(url).host) return redirect(`${url}${pathname}${search}`);
    const answer = await act(readInput(searchParams));
    if (answer.ok) return redirect(answer.value.address, answer.value.cookies);
    const { message = 'sso.invalid', values } = answer.error.form ?? {};
    // `getNextPage` has checked it, and the sign-in page does so again.
    const next = values?.next;
    const page = typeof next === 'string' && next !== routes.overview() ? { next } : {};
    return redirect(`${routes.signIn()}?${new URLSearchParams({ problem: message, ...page })}`);
  };
}
