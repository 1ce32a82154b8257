import { describe, expect, it } from 'vitest';
import { invariant } from './invariant';
import { chooseGrants, getOidcSettings, oidcRoles } from './oidc-settings';
import { Limits, noLimits, RoleGrant } from './policy/access';
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
        { group: 'spillway admins', role: 'administrator', ...noLimits },
        { group: 'ops', role: 'operator', ...noLimits },
        { group: 'cn=all', role: 'viewer', ...noLimits },
      ],
      domains: null,
      domainRole: null,
      linksByEmail: false,
      isOnly: false,
      sessionS: 12 * 3600,
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
    [{ SPILLWAY_OIDC_SESSION_HOURS: '0' }, ['SPILLWAY_OIDC_SESSION_HOURS']],
    [{ SPILLWAY_OIDC_SESSION_HOURS: '169' }, ['SPILLWAY_OIDC_SESSION_HOURS']],
    [{ SPILLWAY_OIDC_SESSION_HOURS: '12h' }, ['SPILLWAY_OIDC_SESSION_HOURS']],
    [{ SPILLWAY_OIDC_SCOPES: 'email' }, ['SPILLWAY_OIDC_SCOPES']],
    [{ SPILLWAY_OIDC_HOSTS: 'https://x.example.com/' }, ['SPILLWAY_OIDC_HOSTS']],
  ])('are refused with %j', (env, wrong) => {
    const parsed = parseSettings({ ...complete, ...env });
    invariant(!parsed.ok, 'the settings are refused');
    expect(parsed.error.map((line) => line.split(':')[0])).toEqual(wrong);
    expect(parsed.error.join(' ')).not.toContain('secret\n');
  });
});

describe('the roles of groups as JSON', () => {
  const read1 = (list: unknown) => parseSettings({ ...complete, SPILLWAY_OIDC_ROLES: JSON.stringify(list) });

  it('may have limits, as those of people', () => {
    const limited = { role: 'operator', domains: ['*.Shop.example.co.id'], regions: ['ap-jakarta'] };
    const text = JSON.stringify([
      { group: 'shop, ops', ...limited, connections: ['tencent-shop'] },
      { group: 'all', role: 'viewer' },
    ]);
    const { groupRoles } = read({ ...complete, SPILLWAY_OIDC_ROLES: ` ${text}` });
    expect(groupRoles).toEqual([
      {
        group: 'shop, ops',
        role: 'operator',
        connections: ['tencent-shop'],
        regions: ['ap-jakarta'],
        domains: ['*.shop.example.co.id'],
      },
      { group: 'all', role: 'viewer', ...noLimits },
    ]);
    for (const { group: _group, ...grant } of groupRoles) expect(RoleGrant.parse(grant)).toEqual(grant);
  });

  it.each<[unknown, string]>([
    [[{ group: 'ops', role: 'root' }], '0.role: must be one of'],
    [[{ group: '', role: 'viewer' }], '0.group: must be the name of a group'],
    [[{ role: 'viewer' }], '0.group: must be the name of a group'],
    // A misspelt limit must not become none.
    [
      [{ group: 'ops', role: 'viewer', domain: ['a.example.com'] }],
      '0: may have group, role, connections, regions and domains',
    ],
    [[{ group: 'ops', role: 'viewer', domains: [] }], '0.domains: must name something'],
    [[{ group: 'ops', role: 'viewer', domains: 'a.example.com' }], '0.domains: must be a list'],
    [
      [
        { group: 'all', role: 'viewer' },
        { group: 'ops', role: 'viewer', domains: ['a.example.com', 'shop'] },
      ],
      '1.domains.1: must be a domain or a pattern',
    ],
    [[{ group: 'ops', role: 'viewer', regions: ['Jakarta'] }], '0.regions.0: must be a region such as'],
    [
      [{ group: 'ops', role: 'viewer', connections: [''] }],
      '0.connections.0: must be the id of a connection',
    ],
    [[], ': must name a group'],
  ])('are refused with %j, which names the field', (list, message) => {
    const parsed = read1(list);
    invariant(!parsed.ok, 'the settings are refused');
    expect(parsed.error).toEqual([expect.stringContaining(message)]);
    expect(parsed.error[0]).toMatch(/^SPILLWAY_OIDC_ROLES[.:]/);
    expect(parsed.error[0]).not.toMatch(/Jakarta|root|shop"/);
  });

  it('are refused if they are no JSON', () => {
    const parsed = parseSettings({ ...complete, SPILLWAY_OIDC_ROLES: '[{"group":"ops","role":"viewer"}' });
    expect(parsed).toEqual({ ok: false, error: ['SPILLWAY_OIDC_ROLES: is no valid JSON'] });
  });
});

describe('the roles of a person of the provider', () => {
  const both = { SPILLWAY_OIDC_DOMAINS: 'example.com, example.org', SPILLWAY_OIDC_DOMAIN_ROLE: 'viewer' };
  it.each([
    [{}, ['ops', 'spillway admins'], 'a@example.com', ['administrator', 'operator']],
    [{}, ['ops'], '', ['operator']],
    [{}, ['OPS', 'op'], 'a@example.com', []],
    [both, [], 'a@example.com', ['viewer']],
    [both, ['ops'], 'a@example.org', ['operator']],
    [both, ['ops'], 'a@sub.example.com', []],
    [both, ['ops'], 'a@notexample.com', []],
    [both, ['ops'], '', []],
    [{ SPILLWAY_OIDC_DOMAINS: 'example.com' }, [], 'a@example.com', []],
  ])('by settings %j, groups %j and address %s are %j', (env, groups, email, granted) => {
    expect(chooseGrants(read({ ...complete, ...env }), groups, email)).toEqual(
      granted.map((role) => ({ role, ...noLimits })),
    );
  });

  it('are those of all their groups, each with its limits, once', () => {
    const shop = { ...noLimits, domains: ['shop.example.co.id'] };
    const list = [
      { group: 'shop', role: 'operator', domains: ['shop.example.co.id'] },
      { group: 'shop', role: 'approver', regions: ['ap-jakarta'] },
      { group: 'shop-night', role: 'operator', domains: ['shop.example.co.id'] },
      { group: 'pay', role: 'operator', domains: ['pay.example.co.id'] },
    ];
    const oidc = read({ ...complete, SPILLWAY_OIDC_ROLES: JSON.stringify(list) });
    expect(chooseGrants(oidc, ['shop-night', 'shop'], '')).toEqual([
      { role: 'operator', ...shop },
      { role: 'approver', ...noLimits, regions: ['ap-jakarta'] },
    ]);
  });
});

it('knows every kind of limit', () => {
  expect(Object.keys(noLimits).sort()).toEqual(Object.keys(Limits.shape).sort());
});

it('knows every role', () => {
  expect([...oidcRoles].sort()).toEqual([...roles].sort());
});
