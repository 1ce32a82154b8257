import 'server-only';
import type { Answer } from '@/lib/contract/answer';
import { endBySso } from '@/lib/server/auth/end-by-sso';
import { type AnyOperation, readText } from '@/lib/server/route';

/** A logout token is far smaller. */
const bodyMax = 20_000;

/**
 * Creates the POST handler of the verb that ends sessions on the order of a provider: a form with `logout_token`. It answers as
 * the provider expects (https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse).
 */
function logoutRoute(act: AnyOperation<Answer<null>>): (request: Request) => Promise<Response> {
  return async (request) => {
    const headers = { 'Cache-Control': 'no-store' };
    const refuse = (description: string) =>
      Response.json({ error: 'invalid_request', error_description: description }, { status: 400, headers });
    const body = await readText(request, bodyMax, 'application/x-www-form-urlencoded');
    if (!body.ok) return refuse('Send a form with logout_token.');
    const tokens = new URLSearchParams(body.value).getAll('logout_token');
    const answer = await act({ token: tokens.length === 1 ? tokens[0] : undefined });
    return answer.ok ? new Response(null, { status: 200, headers }) : refuse('The logout was not accepted.');
  };
}

/** The address to which the provider sends a logout. It is registered there. */
export const POST = logoutRoute(endBySso);
