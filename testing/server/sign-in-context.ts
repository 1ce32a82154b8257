import { afterAll, beforeEach } from 'vitest';
import { AuditContent } from '@/lib/audit/audit-entry';
import {
  auditEntries,
  formerPeople,
  generalSettings,
  passkeyChallenges,
  setUpLinks,
  signInAttempts,
  ssoLogouts,
  ssoRequests,
  users,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { createRecoveryLink, createSetUpLink } from '@/lib/server/auth/set-up-link';
import type { Caller } from '@/lib/server/request-actor';
import { ofThisFile } from '@/testing/db/test-file-database';
import { startSessionServer } from './session-server';
import { testCaller } from './test-caller';
import { testContext } from './test-context';

/** The password of everyone whom `setUp` creates. */
export const password = 'three words and a number 7';

/** Returns an administrator who has signed in, with the id of their account. */
export function signedInAs(person: { readonly id: string; readonly email: string }, minutesAgo = 0): Caller {
  const caller = testCaller(person.email, 'administrator', minutesAgo);
  invariant(caller.session !== undefined, 'a test caller has a session');
  const actor = { ...caller.actor, accountId: person.id };
  return { ...caller, actor, session: { ...caller.session, userId: person.id } };
}

/**
 * Starts the sign-in over HTTP on a real database, for all tests of a file. Each test begins without accounts, and without
 * failed attempts.
 */
export function signInContext() {
  process.env.SPILLWAY_SIGN_IN = 'on';
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
  const context = testContext();
  const server = ofThisFile(startSessionServer);

  beforeEach(async () => {
    for (const table of [
      users,
      formerPeople,
      generalSettings,
      setUpLinks,
      signInAttempts,
      passkeyChallenges,
      ssoRequests,
      ssoLogouts,
    ])
      await context.db.delete(table);
    // Audit entries that people without a sign-in cause are limited in each process.
    Reflect.deleteProperty(globalThis, 'spillwayAnonymous');
  });
  afterAll(() => {
    delete process.env.SPILLWAY_SIGN_IN;
  });

  /** Opens a browser without cookies. */
  const open = () => server().open();

  /** Creates an administrator with a password, in their browser. */
  async function setUp(email = 'sari@example.com') {
    const browser = open();
    const token = (await createSetUpLink(context.url)) ?? (await createRecoveryLink(context.url));
    const created = await browser.ask('POST', '/api/session/set-up', {
      token,
      name: 'Sari',
      email,
      password,
    });
    const user = (await context.db.select().from(users)).find((each) => each.email === email);
    invariant(user !== undefined, `the account was created: ${created.body}`);
    return { browser, caller: signedInAs(user), email };
  }

  /** Returns the newest audit entry of an operation. */
  async function readLastEntry(operation: string): Promise<AuditContent> {
    const rows = await context.db.select().from(auditEntries).orderBy(auditEntries.seq);
    const row = rows.findLast((each) => each.operation === operation);
    return AuditContent.parse(JSON.parse(row?.content ?? 'null'));
  }

  return { context, open, setUp, readLastEntry, origin: () => server().origin };
}

/** A browser of `signInContext`. */
export type TestBrowser = ReturnType<ReturnType<typeof signInContext>['open']>;
