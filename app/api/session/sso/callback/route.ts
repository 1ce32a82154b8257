import { leadRoute } from '@/lib/server/auth/lead-route';
import { completeSso } from '@/lib/server/auth/sso-sign-in';

/** The address to which the provider leads back. */
export const GET = leadRoute(completeSso, (params) => ({ query: params.toString() }));
