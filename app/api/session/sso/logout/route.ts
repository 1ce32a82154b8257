import { endBySso } from '@/lib/server/auth/end-by-sso';
import { logoutRoute } from '@/lib/server/auth/logout-route';

/** The address to which the provider sends a logout. It is registered there. */
export const POST = logoutRoute(endBySso);
