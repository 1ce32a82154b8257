import { describe, expect, it } from 'vitest';
import { invariant } from './invariant';
import { chooseRole, getOidcSettings, oidcRoles } from './oidc-settings';
import { roles } from './policy/roles';
import { parseSettings } from './settings';

const complete = {
  SPILLWAY_OIDC_ISSUER: 'https://login.example.com/tenant',
  SPILLWAY_OIDC_CLIENT_ID: 'spillway',
  SPILLWAY_OIDC_CLIENT_SECRET: 'secret',
  SPILLWAY_OIDC_ROLES: 'spillway admins=administrator, ops=operator,cn=all=viewer',
};

function read(env: Record<string, string>) {
  const parsed = parseSettings(env);
  invariant(parsed.ok, 'the settings are accepted');
  const oidc = getOidcSettings(parsed.value);
  invariant(oidc !== null, 'single sign-on is set');
  return oidc;
}

describe('the settings of single sign-on', () => {
  it('have defaults, and are off without an issuer', () => {
    expect(read(complete)).toEqual({
      issuer: 'https://login.example.com/tenant',
      clientId: 'spillway',
      secret: { text: 'secret' },
      name: 'single sign-on',
      scopes: 'openid email profile',
      groupsClaim: 'groups',
      groupRoles: [
        { group: 'spillway admins', role: 'administrator' },
        { group: 'ops', role: 'operator' },
        { group: 'cn=all', role: 'viewer' },
      ],
      domains: null,
      domainRole: null,
      linksByEmail: false,
      isOnly: false,
      hosts: ['login.example.com'],
    });
    const parsed = parseSettings({});
    invariant(parsed.ok, 'the defaults are valid');
    expect(getOidcSettings(parsed.value)).toBeNull();
  });

  it.each<[env: Record<string, string>, wrong: string[]]>([
    [{ SPILLWAY_OIDC_ISSUER: '' }, ['SPILLWAY_OIDC_ISSUER']],
    [{ SPILLWAY_OIDC_ISSUER: 'http://login.example.com' }, ['SPILLWAY_OIDC_ISSUER']],
    [{ SPILLWAY_OIDC_ISSUER: 'https://login.example.com?x=1' }, ['SPILLWAY_OIDC_ISSUER']],
    [{ SPILLWAY_OIDC_CLIENT_ID: '' }, ['SPILLWAY_OIDC_CLIENT_ID']],
    [{ SPILLWAY_OIDC_CLIENT_SECRET: '' }, ['SPILLWAY_OIDC_CLIENT_SECRET']],
    [{ SPILLWAY_OIDC_CLIENT_SECRET_FILE: '/secret' }, ['SPILLWAY_OIDC_CLIENT_SECRET']],
    [{ SPILLWAY_OIDC_ROLES: '' }, ['SPILLWAY_OIDC_ROLES']],
    [{ SPILLWAY_OIDC_ROLES: 'ops=root' }, ['SPILLWAY_OIDC_ROLES']],
    [{ SPILLWAY_OIDC_ROLES: 'ops' }, ['SPILLWAY_OIDC_ROLES']],
    [{ SPILLWAY_OIDC_DOMAIN_ROLE: 'viewer' }, ['SPILLWAY_OIDC_DOMAINS']],
    [{ SPILLWAY_OIDC_SCOPES: 'email' }, ['SPILLWAY_OIDC_SCOPES']],
    [{ SPILLWAY_OIDC_HOSTS: 'https://x.example.com/' }, ['SPILLWAY_OIDC_HOSTS']],
  ])('are refused with %j', (env, wrong) => {
    const parsed = parseSettings({ ...complete, ...env });
    invariant(!parsed.ok, 'the settings are refused');
    expect(parsed.error.map((line) => line.split(':')[0])).toEqual(wrong);
    expect(parsed.error.join(' ')).not.toContain('secret\n');
  });
});

describe('the role of a person of the provider', () => {
  const both = { SPILLWAY_OIDC_DOMAINS: 'example.com, example.org', SPILLWAY_OIDC_DOMAIN_ROLE: 'viewer' };
  it.each([
    [{}, ['ops', 'spillway admins'], 'a@example.com', 'administrator'],
    [{}, ['ops'], '', 'operator'],
    [{}, ['OPS', 'op'], 'a@example.com', null],
    [both, [], 'a@example.com', 'viewer'],
    [both, ['ops'], 'a@example.org', 'operator'],
    [both, ['ops'], 'a@sub.example.com', null],
    [both, ['ops'], 'a@notexample.com', null],
    [both, ['ops'], '', null],
    [{ SPILLWAY_OIDC_DOMAINS: 'example.com' }, [], 'a@example.com', null],
  ])('by settings %j, groups %j and address %s is %s', (env, groups, email, role) => {
    expect(chooseRole(read({ ...complete, ...env }), groups, email)).toBe(role);
  });
});

it('knows every role', () => {
  expect([...oidcRoles].sort()).toEqual([...roles].sort());
});
