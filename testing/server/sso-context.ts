import { beforeEach } from 'vitest';
import { users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { noLimits } from '@/lib/policy/access';
import { webProcess } from '@/lib/store/web-process';
import { signInContext, type TestBrowser } from './sign-in-context';
import { providerClient } from './test-provider';

/** A provider that runs here, as a browser and the dashboard see it. */
type RunningProvider = {
  readonly issuer: string;
  /** Follows the address to which the dashboard leads a browser, and returns the one to which the provider leads back. */
  readonly visit: (address: string, subject: string, cookies?: Map<string, string>) => URL | Promise<URL>;
};

/** The address of the sign-in page with a problem. */
export const signInProblem = (key: string, next?: string): string =>
  `/sign-in?${new URLSearchParams({ problem: key, ...(next === undefined ? {} : { next }) })}`;

/** Starts the sign-in with single sign-on at a provider, for all tests of a file. Each test begins with these settings. */
export function ssoContext(provider: () => RunningProvider) {
  const { context, open, setUp, origin, readLastEntry } = signInContext();

  /** Changes the settings of this process. */
  function set(settings: Partial<ReturnType<typeof webProcess>['settings']>): void {
    Object.assign(webProcess().settings, settings);
  }

  beforeEach(() =>
    set({
      SPILLWAY_OIDC_ISSUER: provider().issuer,
      SPILLWAY_OIDC_CLIENT_ID: providerClient.id,
      SPILLWAY_OIDC_CLIENT_SECRET: providerClient.secret,
      SPILLWAY_OIDC_NAME: 'Example',
      SPILLWAY_OIDC_ROLES: [
        { group: 'admins', role: 'administrator', ...noLimits },
        { group: 'ops', role: 'operator', ...noLimits },
      ],
      SPILLWAY_OIDC_DOMAINS: undefined,
      SPILLWAY_OIDC_DOMAIN_ROLE: undefined,
      SPILLWAY_OIDC_LINK: undefined,
      SPILLWAY_OIDC_ONLY: undefined,
      SPILLWAY_OIDC_HOSTS: undefined,
      SPILLWAY_OIDC_SESSION_HOURS: undefined,
    }),
  );

  /** Begins a sign-in and logs in at the provider; nothing is completed yet. */
  async function visit(
    browser: TestBrowser,
    subject = 'budi-1',
    query = '',
    cookies?: Map<string, string>,
  ): Promise<URL> {
    const begun = await browser.ask('GET', `/api/session/sso${query}`);
    invariant(begun.location !== null, 'the browser is led somewhere');
    return provider().visit(begun.location, subject, cookies);
  }

  const complete = (browser: TestBrowser, back: URL) => browser.ask('GET', `${back.pathname}${back.search}`);

  async function signIn(subject = 'budi-1', browser = open()) {
    const answer = await complete(browser, await visit(browser, subject));
    return { ...answer, browser };
  }

  async function findPerson(email = 'budi@example.com') {
    return (await context.db.select().from(users)).find((person) => person.email === email);
  }

  return { context, open, setUp, origin, set, visit, complete, signIn, findPerson, readLastEntry };
}
