import type { Role } from '@/lib/policy/roles';
import type { Caller } from '@/lib/server/request-actor';
import { webProcess } from '@/lib/store/web-process';
import { testActor } from '@/testing/server/test-person';

/** Turns the sign-in of this process on or off for what follows. */
export function setSignIn(to: 'off' | 'on'): void {
  (webProcess().settings as { SPILLWAY_SIGN_IN: 'off' | 'on' }).SPILLWAY_SIGN_IN = to;
}

/**
 * Returns someone who has signed in.
 * @param minutesAgo when they signed in
 */
export function testCaller(email: string, role: Role, minutesAgo = 0): Caller {
  return {
    actor: testActor(email, role),
    credential: { via: 'session', id: `session of ${email}, ${minutesAgo}` },
    requestId: 'test',
    session: { userId: email, authenticatedAt: new Date(Date.now() - minutesAgo * 60_000) },
    address: '127.0.0.1',
    cookie: null,
    userAgent: 'test',
  };
}
