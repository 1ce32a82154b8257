import { z } from 'zod';
import type { SessionView } from '@/lib/client/views';
import { mayUse } from '@/lib/policy/roles';
import { query } from '@/lib/server/verb';
import { webProcess } from '@/lib/server/web-process';

/** Returns who is signed in, or that there is no session or no sign-in. */
export const getSession = query(
  'session.get',
  z.void(),
  'all',
  async (_input, { name, role }): Promise<SessionView> => {
    if (webProcess().settings.SPILLWAY_SIGN_IN === 'off') return { signIn: 'off' };
    return role === null
      ? { signIn: 'missing' }
      : { signIn: 'done', name, role, mayReadAudit: mayUse(role, 'audit.list') };
  },
);
