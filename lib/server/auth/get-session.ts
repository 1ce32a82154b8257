import { z } from 'zod';
import type { SessionView } from '@/lib/contract/session';
import { listRights } from '@/lib/policy/access';
import { requestCaller } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';
import { webProcess } from '@/lib/store/web-process';

/** Returns who is signed in with which rights, or that there is no session or no sign-in, or a second factor to
 * set up first. */
export const getSession = query(
  'session.get',
  z.void(),
  'all',
  async (_input, { name, role, access }): Promise<SessionView> => {
    if (webProcess().settings.SPILLWAY_SIGN_IN === 'off') return { signIn: 'off' };
    if (requestCaller()?.lacksSecondFactor) return { signIn: 'secondFactor' };
    return role === null ? { signIn: 'missing' } : { signIn: 'done', name, role, rights: listRights(access) };
  },
);
