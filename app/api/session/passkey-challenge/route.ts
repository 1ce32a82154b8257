import { beginSigning } from '@/lib/server/auth/sign-in-with-passkey';
import { prepareRoute } from '@/lib/server/route';

export const POST = prepareRoute(beginSigning);
