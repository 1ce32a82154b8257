import { redirectRoute } from '@/lib/server/auth/redirect-route';
import { completeSso } from '@/lib/server/auth/sso-sign-in';

/** The address to which the provider leads back. */
export const GET = redirectRoute(completeSso, (params) => ({ query: params.toString() }));
