import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { and, eq, isNotNull } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { generalSettings, passkeys, secondFactors, userAccounts, userSessions, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { needsPerson, needsRecentSignIn, setsUpFactor } from '@/lib/policy/reauthentication';
import { findNeed } from '@/lib/policy/roles';
import { type QueryName, queryNames, type VerbName, verbNames } from '@/lib/policy/verbs';
import { checkPermission } from '@/lib/server/actor';
import { actAs, anonymousIdentity } from '@/lib/server/request-actor';
import { ofThisFile } from '@/testing/db/test-file-database';
import { password, signedInAs, type TestBrowser } from '@/testing/server/sign-in-context';
import { SoftwareAuthenticator } from '@/testing/server/software-authenticator';
import { ssoContext } from '@/testing/server/sso-context';
import { startTestProvider } from '@/testing/server/test-provider';
import { openAuth } from './auth';
import { beginSecondFactor } from './change-second-factor';
import { createToken } from './change-tokens';
import { identifyRequest } from './find-actor';
import { addPasskey, beginPasskey } from './passkeys/change-passkeys';
import { createRecoveryCodes, removeSecondFactor } from './second-factor';
import { createRecoveryLink } from './set-up-link';
import { startSession } from './sign-in-person';

/* Every cell of the two tables of `docs/threat-model.md` (Sign-in operations), over HTTP. */

const provider = ofThisFile(() =>
  startTestProvider(
    new Map([['budi-1', { email: 'budi@example.com', email_verified: true, name: 'Budi', groups: ['ops'] }]]),
  ),
);
const { context, open, visit, complete, readLastEntry } = ssoContext(provider);
const HOUR_MS = 3_600_000;

type Row = readonly string[];
const documentation = readFileSync(new URL('../../../docs/threat-model.md', import.meta.url), 'utf8');

/** Reads the table of the threat model whose head begins with these words. */
function readTable(...words: readonly string[]): { readonly columns: Row; readonly rows: readonly Row[] } {
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const lines = documentation.split('\n').map((line) => (line.startsWith('|') ? cells(line) : []));
  const at = lines.findIndex((line) => words.every((word, index) => line[index] === word));
  const end = lines.findIndex((line, index) => index > at && line.length === 0);
  invariant(at !== -1 && end > at + 2, `the table ${words.join()} is in the threat model`);
  return { columns: lines[at] ?? [], rows: lines.slice(at + 2, end) };
}

let hash = '';
beforeEach(async () => {
  hash ||= await (await (await openAuth()).$context).password.hash(password);
});

/** Creates an administrator who signed in two hours ago, in their browser. */
async function createPerson() {
  const now = new Date();
  const id = randomUUID();
  const person = { id, name: 'Sari', email: `${id}@example.com`, createdAt: now, updatedAt: now };
  const grants = grantEverywhere('administrator');
  await context.db.insert(users).values({ ...person, emailVerified: false, grants });
  await context.db.insert(userAccounts).values({
    id,
    userId: id,
    providerId: 'credential',
    accountId: id,
    password: hash,
    createdAt: now,
    updatedAt: now,
  });
  return { ...person, caller: signedInAs(person), beforeSending: async () => {} };
}

const requireFactor = () => context.db.insert(generalSettings).values({ isSecondFactorRequired: true });

type Person = Awaited<ReturnType<typeof createPerson>>;

/** Opens a browser in which a person is signed in since a time. */
async function openSignedIn(person: Person, authenticatedAt: Date): Promise<TestBrowser> {
  const browser = open();
  const stranger = { ...anonymousIdentity, requestId: 'test', address: null, cookie: null, userAgent: null };
  const { cookies } = await actAs(stranger, () => startSession(person, () => {}, authenticatedAt));
  for (const cookie of cookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    browser.cookies.set(name, value);
  }
  return browser;
}

/** Sets up a second factor. @returns what its app shows now, and a recovery code */
async function enrolApp({ id, caller }: Person) {
  await removeSecondFactor(context.db, id);
  const begun = await actAs(caller, () => beginSecondFactor({}));
  invariant(begun.ok, 'there is no second factor yet');
  const secret = Secret.fromBase32(begun.value.key);
  await context.db.update(secondFactors).set({ confirmedAt: new Date() }).where(eq(secondFactors.userId, id));
  const [recovery = ''] = await createRecoveryCodes(context.db, id);
  return { code: TOTP.generate({ secret }), recovery };
}

async function createPasskey({ caller }: Person) {
  const authenticator = new SoftwareAuthenticator('http://localhost:3000');
  const begun = await actAs(caller, () => beginPasskey({}));
  invariant(begun.ok, 'a person may make a passkey');
  return { authenticator, credential: authenticator.create(begun.value.options) };
}

async function enrolPasskey(person: Person): Promise<SoftwareAuthenticator> {
  const { authenticator, credential } = await createPasskey(person);
  const added = await actAs(person.caller, () => addPasskey({ name: 'Laptop', credential }));
  invariant(added.ok, 'the passkey is right');
  return authenticator;
}

/** Lets a passkey sign a challenge; one that belongs to no one signs that of a sign-in. */
async function sign(browser: TestBrowser, passkey: SoftwareAuthenticator, purpose: 'signIn' | 'confirm') {
  const ask = (of: string) => browser.ask('POST', '/api/session/passkey-challenge', { purpose: of });
  const asked = await ask(purpose);
  const answer =
    asked.status === 200
      ? asked
      : await open().ask('POST', '/api/session/passkey-challenge', { purpose: 'signIn' });
  return passkey.sign(JSON.parse(answer.body).options);
}

type Answer = Awaited<ReturnType<TestBrowser['ask']>>;
type Send = (browser: TestBrowser, person: Person) => Promise<Answer>;

const act =
  (operation: string, prepare: (person: Person) => unknown = () => ({})): Send =>
  async (browser, person) => {
    const input = Object((await prepare(person)) ?? {});
    await person.beforeSending();
    return browser.ask('POST', `/api/action/${operation}`, input);
  };
const post =
  (path: string, body: object): Send =>
  (browser) =>
    browser.ask('POST', `/api/session/${path}`, body);

/** Sends an operation that the caller could use with the right credential. */
const sends: Readonly<Record<string, Send>> = {
  'passkey.add': act('passkey.add', async (person) => ({
    name: 'Laptop',
    credential: (await createPasskey(person)).credential,
  })),
  'passkey.begin': act('passkey.begin'),
  'passkey.remove': act('passkey.remove', async (person) => ({ id: (await enrolPasskey(person)).id })),
  'passkey.rename': act('passkey.rename', async (person) => ({
    id: (await enrolPasskey(person)).id,
    name: 'Work',
  })),
  'password.change': post('password', { current: password, password: 'umbrella tax violin' }),
  'secondFactor.begin': act('secondFactor.begin'),
  'secondFactor.confirm': act('secondFactor.confirm', async ({ id, caller }) => {
    await removeSecondFactor(context.db, id);
    const begun = await actAs(caller, () => beginSecondFactor({}));
    invariant(begun.ok, 'there is no second factor yet');
    return { code: TOTP.generate({ secret: Secret.fromBase32(begun.value.key) }) };
  }),
  'secondFactor.remove': act('secondFactor.remove', async (person) => void (await enrolApp(person))),
  'secondFactor.renewCodes': act('secondFactor.renewCodes', async (person) => void (await enrolApp(person))),
  'session.beginPasskey': post('passkey-challenge', { purpose: 'signIn' }),
  'session.beginSso': (browser) => browser.ask('GET', '/api/session/sso'),
  'session.completeSso': async (browser) => {
    if (browser.token !== null) return browser.ask('GET', '/api/session/sso/callback?code=x&state=x');
    return complete(browser, await visit(browser));
  },
  'session.endBySso': (browser) => browser.ask('POST', '/api/session/sso/logout', 'logout_token=x'),
  'session.get': (browser) => browser.ask('GET', browser.token === null ? '/sign-in' : '/api/whoami'),
  'session.getSecurity': (browser) => browser.ask('GET', '/api/query/session.getSecurity'),
  'session.list': (browser) => browser.ask('GET', '/api/query/session.list'),
  'session.listWays': (browser) =>
    browser.ask('GET', browser.token === null ? '/sign-in' : '/api/query/session.listWays'),
  'session.reauthenticate': post('reauthenticate', { password }),
  'session.revoke': act('session.revoke', async ({ id }) => {
    const [own] = await context.db.select().from(userSessions).where(eq(userSessions.userId, id));
    return { id: own?.id ?? 'none' };
  }),
  'session.revokeOthers': act('session.revokeOthers'),
  'session.signIn': (browser, { email }) => browser.signIn(email, password),
  'session.signInWithPasskey': async (browser, person) => {
    const signed = await sign(open(), await enrolPasskey(person), 'signIn');
    return browser.ask('POST', '/api/session/passkey', signed);
  },
  'session.signOut': post('sign-out', {}),
  'setUp.complete': async (browser) => {
    const token = await createRecoveryLink(context.url);
    const email = `${randomUUID()}@example.com`;
    return browser.ask('POST', '/api/session/set-up', { token, name: 'Ayu', email, password });
  },
  'signInPolicy.set': act('signInPolicy.set', async (person) => {
    await enrolApp(person);
    return { isSecondFactorRequired: false };
  }),
  'token.create': act('token.create', () => ({ name: 'CI', role: 'viewer', days: 1 })),
  'user.invite': act('user.invite', () => ({
    email: `${randomUUID()}@example.com`,
    grants: grantEverywhere('viewer'),
  })),
};

const credentials: Readonly<Record<string, (person: Person) => Promise<readonly TestBrowser[]>>> = {
  None: async () => [open()],
  'API token': async ({ caller }) => {
    const programs = [];
    for (const role of ['viewer', 'administrator'] as const) {
      const created = await actAs(caller, () => createToken({ name: 'CI', role, days: 1 }));
      invariant(created.ok, 'an administrator may create a token');
      const program = open();
      program.token = created.value.token;
      programs.push(program);
    }
    return programs;
  },
  'Session, not recent': async (person) => [await openSignedIn(person, new Date(Date.now() - 2 * HOUR_MS))],
  'Session, recent': async (person) => [await openSignedIn(person, new Date())],
  'Session, no factor': async (person) => {
    await requireFactor();
    // What an operation needs exists, but is no factor of the person.
    person.beforeSending = async () => {
      const inUse = and(eq(secondFactors.userId, person.id), isNotNull(secondFactors.confirmedAt));
      await context.db.delete(secondFactors).where(inUse);
      await context.db
        .update(passkeys)
        .set({ rpId: 'other.example.com' })
        .where(eq(passkeys.userId, person.id));
    };
    return [await openSignedIn(person, new Date())];
  },
};

const refusals: Readonly<Record<string, string>> = {
  'token.byToken': 'never',
  // Of the token.
  'role.notPermitted': 'never',
  'session.missing': 'sign in',
  'secondFactor.required': 'set up',
  'session.notRecent': 'confirm',
};

/** Says in a word of the table what became of a request. */
async function describeOutcome(operation: string, { status, body, location }: Answer): Promise<string> {
  if (status === 401) return 'sign in';
  const given = `${body} ${location ?? ''}`;
  // The provider gets no reason.
  const told = operation === 'session.endBySso' ? (await readLastEntry(operation)).refusal?.join() : given;
  const [refusal = ''] =
    /(token\.byToken|role\.notPermitted|session\.missing|session\.notRecent|secondFactor\.required)/.exec(
      told ?? '',
    ) ?? [];
  if (refusal !== '') return refusals[refusal] ?? refusal;
  if (operation === 'session.endBySso') return told === 'sso.logoutInvalid' ? 'yes' : `${told}`;
  return status === 200 || (status === 303 && !given.includes('problem=')) ? 'yes' : `${status} ${given}`;
}

const startsSession = ({ cookies }: Answer) =>
  cookies.some((cookie) => /^spillway\.session_token=[^;]/.test(cookie));

describe('the credential of a request decides', () => {
  const { columns, rows } = readTable('Operation', 'None', 'API token');

  it('in a table with every operation about sign-ins', () => {
    const all = [...verbNames, ...queryNames].filter((name) => needsPerson(name));
    const others = rows.map(([name = '']) => name).filter((name) => !needsPerson(name));
    expect(rows.map(([name]) => name).sort()).toEqual([...all, ...others].sort());
    for (const name of others) expect(needsRecentSignIn(name)).toBe('person');
    expect(Object.keys(sends).sort()).toEqual(rows.map(([name]) => name).sort());
    expect(columns.slice(1)).toEqual(Object.keys(credentials));
  });

  it.each(rows.map(([operation = '', ...cells]) => ({ operation, cells })))(
    'on $operation',
    async ({ operation, cells }) => {
      for (const [index, expected] of cells.entries()) {
        const person = await createPerson();
        await context.db.delete(generalSettings);
        const browsers = await credentials[columns[index + 1] ?? '']?.(person);
        invariant(browsers !== undefined, 'the credential is known');
        for (const browser of browsers) {
          const before = await context.db.select().from(userSessions);
          const answer = await sends[operation]?.(browser, person);
          invariant(answer !== undefined, 'the operation is known');
          const cell = `${columns[index + 1]}: ${await describeOutcome(operation, answer)}`;
          expect(cell).toBe(`${columns[index + 1]}: ${expected}`);
          if (expected === 'yes') continue;
          expect(startsSession(answer)).toBe(false);
          expect(await context.db.select().from(userSessions)).toEqual(before);
        }
      }
    },
  );
});

describe('a second factor that everyone needs', () => {
  const lacking = 'secondFactor.required';
  const policy = { isSecondFactorRequired: true };

  it('refuses every other operation, whatever its objects', async () => {
    const { caller } = await createPerson();
    const check = (name: VerbName | QueryName) =>
      actAs({ ...caller, lacksSecondFactor: true }, () => checkPermission(caller.actor, name, 'all'));
    for (const name of [...verbNames, ...queryNames]) {
      const outcome = await check(name);
      const isOpen = findNeed(name) === 'public' || setsUpFactor(name);
      expect([name, outcome.ok ? 'yes' : outcome.error.form?.message]).toEqual([
        name,
        isOpen ? 'yes' : lacking,
      ]);
    }
  });

  it('is required by no one who has none', async () => {
    const person = await createPerson();
    const browser = await openSignedIn(person, new Date());
    const refused = await browser.ask('POST', '/api/action/signInPolicy.set', policy);
    expect(refused.body).toContain('secondFactor.ownFirst');
    await enrolApp(person);
    expect((await browser.ask('POST', '/api/action/signInPolicy.set', policy)).status).toBe(200);
    expect((await browser.ask('GET', '/api/query/session.list')).status).toBe(200);
  });

  it('is set up after the sign-in, before any page and with no other operation', async () => {
    const person = await createPerson();
    await requireFactor();
    const browser = open();
    expect((await browser.signIn(person.email, password)).status).toBe(200);
    const led = await browser.ask('GET', '/settings?tab=1');
    expect([led.status, led.location]).toEqual([303, '/second-factor?next=%2Fsettings%3Ftab%3D1']);
    expect((await browser.ask('GET', '/second-factor?next=%2F')).body).toBe('{"signIn":"secondFactor"}');
    const refused = await browser.ask('GET', '/api/query/session.list');
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining(lacking)]);
    const begun = await browser.ask('POST', '/api/action/secondFactor.begin', {});
    const secret = Secret.fromBase32(JSON.parse(begun.body).key);
    const code = TOTP.generate({ secret });
    expect((await browser.ask('POST', '/api/action/secondFactor.confirm', { code })).status).toBe(200);
    expect((await browser.ask('GET', '/api/query/session.list')).status).toBe(200);
    expect((await browser.ask('GET', '/settings')).status).toBe(200);
  });

  it('holds up the API tokens of people without one, and exempts people of a provider', async () => {
    const person = await createPerson();
    const created = await actAs(person.caller, () => createToken({ name: 'CI', role: 'viewer', days: 1 }));
    invariant(created.ok, 'an administrator may create a token');
    const program = open();
    program.token = created.value.token;
    await requireFactor();
    expect((await program.ask('GET', '/api/query/token.list')).body).toContain(lacking);
    await enrolApp(person);
    expect((await program.ask('GET', '/api/query/token.list')).status).toBe(200);
    const guest = open();
    await complete(guest, await visit(guest));
    expect((await guest.ask('GET', '/api/query/session.list')).status).toBe(200);
  });

  it('ends the streams of people without one', async () => {
    const person = await createPerson();
    const browser = await openSignedIn(person, new Date());
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = { headers: { cookie }, socket: {} } as IncomingMessage;
    const { isStillPermitted } = await identifyRequest(request);
    expect(await isStillPermitted?.()).toBe(true);
    await requireFactor();
    expect(await isStillPermitted?.()).toBe(false);
  });
});

/** The factors of a person besides their password; `isRequired`: everyone needs one. */
type Having = { readonly app: boolean; readonly passkey: boolean; readonly isRequired?: boolean };
const havings: Readonly<Record<string, Having>> = {
  'Password only': { app: false, passkey: false },
  'Second factor': { app: true, passkey: false },
  Passkey: { app: false, passkey: true },
  Both: { app: true, passkey: true },
  'Passkey, required': { app: false, passkey: true, isRequired: true },
};
const codes = { code: '123456', recovery: 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA' };

/** Sends a proof of who a person is. */
async function prove(
  purpose: string,
  proof: string,
  person: Person,
  browser: TestBrowser,
  { app, passkey }: { readonly app: typeof codes; readonly passkey: SoftwareAuthenticator },
): Promise<Answer> {
  const has = (word: string) => proof.split(' and ').includes(word);
  const code = has('code') ? app.code : has('recovery code') ? app.recovery : null;
  const given = has('password') ? password : null;
  if (purpose === 'Sign in') {
    const other = open();
    if (proof === 'passkey')
      return other.ask('POST', '/api/session/passkey', await sign(other, passkey, 'signIn'));
    return other.ask('POST', '/api/session/sign-in', {
      email: person.email,
      password: given ?? '',
      code: code ?? '',
    });
  }
  const signed = has('passkey') ? await sign(browser, passkey, 'confirm') : null;
  if (purpose === 'Confirm')
    return browser.ask('POST', '/api/session/reauthenticate', { password: given, code, passkey: signed });
  const next = { current: given ?? '', password: 'umbrella tax violin' };
  return browser.ask('POST', '/api/session/password', { ...next, code, passkey: signed });
}

describe('the proof that a person gives decides', () => {
  const { columns, rows } = readTable('To', 'Proof');

  it.each(rows.map(([purpose = '', proof = '', ...cells]) => ({ purpose, proof, cells })))(
    'to $purpose with $proof',
    async ({ purpose, proof, cells }) => {
      for (const [index, expected] of cells.entries()) {
        const column = columns[index + 2] ?? '';
        const having = havings[column];
        invariant(having !== undefined, `${column} is known`);
        const person = await createPerson();
        const app = having.app ? await enrolApp(person) : codes;
        const passkey = having.passkey
          ? await enrolPasskey(person)
          : (await createPasskey(person)).authenticator;
        await context.db.delete(generalSettings);
        if (having.isRequired) await requireFactor();
        const longAgo = new Date(Date.now() - 2 * HOUR_MS);
        const browser = await openSignedIn(person, longAgo);
        const ofPerson = context.db.select().from(userSessions).where(eq(userSessions.userId, person.id));
        const before = await ofPerson;
        const answer = await prove(purpose, proof, person, browser, { app, passkey });
        const cell = `${column}: ${answer.status === 200 ? 'yes' : 'no'}`;
        expect(`${cell} ${answer.body}`).toMatch(new RegExp(`^${column}: ${expected} `));
        const after = await ofPerson;
        expect(startsSession(answer)).toBe(expected === 'yes');
        if (expected === 'no') {
          expect(after).toEqual(before);
          continue;
        }
        const times = after.map(
          ({ authenticatedAt }) => (authenticatedAt?.getTime() ?? 0) > longAgo.getTime(),
        );
        // A sign-in in another browser leaves this one.
        const isRecent = { 'Sign in': [false, true], Confirm: [true], 'Change the password': [false] }[
          purpose
        ];
        expect(times.sort()).toEqual(isRecent);
        // Only a sign-in starts the absolute limit again.
        expect(
          after.filter(({ createdAt }) => createdAt.getTime() === before[0]?.createdAt.getTime()),
        ).toHaveLength(1);
      }
    },
  );
});
