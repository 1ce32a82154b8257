import { signInWithPasskey } from '@/lib/server/auth/sign-in-with-passkey';
import { sessionRoute } from '@/lib/server/route';

export const POST = sessionRoute(signInWithPasskey);
