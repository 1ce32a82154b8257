import { signOut } from '@/lib/server/auth/change-session';
import { sessionRoute } from '@/lib/server/route';

export const POST = sessionRoute(signOut);
