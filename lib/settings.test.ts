import { describe, expect, it } from 'vitest';
import { invariant } from './invariant';
import { parseSettings, publicUrl } from './settings';

function problems(env: Record<string, string>): readonly string[] {
  const parsed = parseSettings(env);
  invariant(!parsed.ok, 'the settings are refused');
  return parsed.error;
}
const named = (env: Record<string, string>) => problems(env).map((line) => line.split(':')[0]);

const singleSignOn = {
  SPILLWAY_OIDC_ISSUER: 'https://login.example.com',
  SPILLWAY_OIDC_CLIENT_ID: 'spillway',
  SPILLWAY_OIDC_CLIENT_SECRET: 'secret',
  SPILLWAY_OIDC_ROLES: 'ops=operator',
};

describe('settings', () => {
  it('have defaults, also for an empty value', () => {
    const parsed = parseSettings({ PORT: '', HOME: '/anywhere', DATABASE_URL: undefined });
    expect(parsed).toEqual({
      ok: true,
      value: {
        PORT: 3000,
        HOST: '127.0.0.1',
        SPILLWAY_DATA_DIR: '.spillway',
        SPILLWAY_SIGN_IN: 'on',
        SPILLWAY_ROLE: 'all',
        SPILLWAY_LOG_LEVEL: 'info',
        SPILLWAY_SANDBOX_PORT: 3001,
        SPILLWAY_SANDBOX_DNS_PORT: 3053,
        SPILLWAY_SANDBOX_RESOLVER_PORT: 3054,
        SPILLWAY_SANDBOX_CONTROL_PORT: 3002,
        SPILLWAY_VIP_NETWORK: '127.77.0.0/16',
        SPILLWAY_SANDBOX_TASK_MS: 1000,
        SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS: 'refuse',
        SPILLWAY_KEEP_ALIVE_S: 75,
        SPILLWAY_MAX_SHARE_PERCENT: 25,
        SPILLWAY_SYNC_PARTS_S: 60,
        SPILLWAY_SYNC_WHOLE_S: 600,
        SPILLWAY_TRAFFIC_S: 60,
        SPILLWAY_PROBE_S: 10,
        SPILLWAY_PROBE_AFTER_S: 600,
        SPILLWAY_HISTORY_DAYS: 30,
        SPILLWAY_JOURNAL_DAYS: 90,
        TENCENTCLOUD_LANGUAGE: 'en-US',
        TENCENTCLOUD_SITE: 'mainland',
        TENCENTCLOUD_REGIONS: ['ap-singapore', 'ap-jakarta'],
      },
    });
  });

  it.each<[env: Record<string, string>, wrong: string[]]>([
    [{ HOST: '0.0.0.0' }, ['SPILLWAY_URL', 'SPILLWAY_TLS_CERT']],
    [{ HOST: '0.0.0.0', SPILLWAY_SIGN_IN: 'off' }, ['SPILLWAY_SIGN_IN', 'SPILLWAY_URL', 'SPILLWAY_TLS_CERT']],
    [{ ...singleSignOn, SPILLWAY_SIGN_IN: 'off' }, ['SPILLWAY_SIGN_IN']],
    [{ SPILLWAY_URL: 'https://spillway.example.com' }, ['SPILLWAY_TLS_CERT']],
    [{ SPILLWAY_URL: 'http://spillway.example.com', SPILLWAY_TRUSTED_PROXIES: '::1' }, ['SPILLWAY_URL']],
    [{ SPILLWAY_URL: 'https://spillway.example.com/ops', SPILLWAY_TRUSTED_PROXIES: '::1' }, ['SPILLWAY_URL']],
    [{ SPILLWAY_TLS_CERT: 'cert.pem' }, ['SPILLWAY_TLS_KEY']],
  ])('of a dashboard on the network are complete: %j', (env, wrong) => {
    expect(named(env)).toEqual(wrong);
  });

  it.each([
    [
      { HOST: '::', SPILLWAY_URL: 'https://s.example.com/', SPILLWAY_TRUSTED_PROXIES: '10.0.0.0/8, ::1' },
      'https://s.example.com',
    ],
    [{ SPILLWAY_URL: 'http://localhost:3100' }, 'http://localhost:3100'],
    [{ PORT: '3100', SPILLWAY_TLS_CERT: 'cert.pem', SPILLWAY_TLS_KEY: 'key.pem' }, 'https://127.0.0.1:3100'],
    [{}, 'http://127.0.0.1:3000'],
  ])('give the address that people open: %j', (env, url) => {
    const parsed = parseSettings(env);
    expect(parsed.ok && publicUrl(parsed.value)).toBe(url);
  });

  it('are refused together, each with its name and without its value', () => {
    const bad = {
      PORT: '70000-port',
      HOST: 'every-host',
      SPILLWAY_URL: 'ftp://spillway.example.com',
      SPILLWAY_TRUSTED_PROXIES: '10.0.0.0/33',
      DATABASE_URL: 'mysql://root:hunter2@db',
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'c2hvcnQ=',
      SPILLWAY_SIGN_IN: 'perhaps',
      SPILLWAY_SEALING_KEYS: 'c2hvcnQ=',
      SPILLWAY_ALERT_PRIVATE_HOSTS: 'http://10.0.0.5',
      SPILLWAY_ROLE: 'everything-role',
      SPILLWAY_WORKER_NAME: 'two words',
      SPILLWAY_LOG_LEVEL: 'loud-level',
      SPILLWAY_SANDBOX_PORT: '0',
      SPILLWAY_SANDBOX_DNS_PORT: '65536',
      SPILLWAY_SANDBOX_CONTROL_PORT: '1.5',
      SPILLWAY_VIP_NETWORK: '10.9.0.0/16',
      SPILLWAY_SANDBOX_TASK_MS: '-1',
      SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS: 'maybe',
      SPILLWAY_KEEP_ALIVE_S: '3601',
      SPILLWAY_MAX_SHARE_PERCENT: '0',
      SPILLWAY_SYNC_PARTS_S: '9',
      SPILLWAY_SYNC_WHOLE_S: '86401',
      SPILLWAY_HISTORY_DAYS: '0',
      SPILLWAY_JOURNAL_DAYS: '1',
      SPILLWAY_FAULT_POINT: 'sometime:s2',
      TENCENTCLOUD_SECRET_ID: 'AKIDverysecret',
      TENCENTCLOUD_REGIONS: 'ap-singapore,The Moon',
    };
    const lines = problems(bad);
    const { TENCENTCLOUD_SECRET_ID: _alone, ...wrong } = bad;
    expect(named(bad).toSorted()).toEqual([...Object.keys(wrong), 'TENCENTCLOUD_SECRET_KEY'].toSorted());
    for (const value of [
      '70000-port',
      'hunter2',
      'c2hvcnQ',
      'everything-role',
      'two words',
      'loud-level',
      '10.9',
      '3601',
      'sometime',
    ])
      expect(lines.join('\n')).not.toContain(value);
    for (const value of ['AKID', 'The Moon']) expect(lines.join('\n')).not.toContain(value);
  });

  it.each(['afterCall:s2', 'sandbox-a/afterIntent:s1,sandbox-b/duringWait:r3'])(
    'accept fault points: %s',
    (places) => {
      expect(parseSettings({ SPILLWAY_FAULT_POINT: places })).toMatchObject({
        value: { SPILLWAY_FAULT_POINT: places },
      });
      expect(named({ SPILLWAY_FAULT_POINT: `${places},` })).toEqual(['SPILLWAY_FAULT_POINT']);
    },
  );

  it.each([
    ['no JSON', '{"name": "a", "secretKey": "hush"'],
    ['no list', '{"name":"a","secretId":"hush","secretKey":"hush"}'],
    ['nothing in it', '[]'],
    ['a key without its id', '[{"name":"a","secretKey":"hush"}]'],
    ['a name that is none', '[{"name":"A b","secretId":"hush","secretKey":"hush"}]'],
    ['a name twice', JSON.stringify([1, 2].map(() => ({ name: 'a', secretId: 'hush', secretKey: 'hush' })))],
    ['an unknown field', '[{"name":"a","secretId":"hush","secretKey":"hush","region":"x"}]'],
    ['a region that is none', '[{"name":"a","secretId":"hush","secretKey":"hush","regions":"The Moon"}]'],
  ])('refuse further accounts with %s, without revealing their keys', (_what, text) => {
    const settings = parseSettings({ TENCENTCLOUD_ACCOUNTS: text });
    expect(settings.ok ? [] : settings.error).toEqual([
      expect.stringMatching(/^TENCENTCLOUD_ACCOUNTS: must be a JSON list of/),
    ]);
    expect(JSON.stringify(settings)).not.toContain('hush');
  });

  it.each(['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY'])('require the other one with %s', (one) => {
    expect(problems({ [one]: 'half' })).toEqual([
      'TENCENTCLOUD_SECRET_KEY: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY go together',
    ]);
    expect(parseSettings({ TENCENTCLOUD_SECRET_ID: 'a', TENCENTCLOUD_SECRET_KEY: 'b' })).toMatchObject({
      ok: true,
    });
    expect(
      named({ TENCENTCLOUD_TOKEN: 'alone', TENCENTCLOUD_TOKEN_EXPIRES: '2026-12-12T00:00:00Z' }),
    ).toEqual(['TENCENTCLOUD_TOKEN']);
  });

  it('require the expiry of a temporary key, of the first account and of further ones', () => {
    const keys = { TENCENTCLOUD_SECRET_ID: 'a', TENCENTCLOUD_SECRET_KEY: 'b', TENCENTCLOUD_TOKEN: 'c' };
    expect(named(keys)).toEqual(['TENCENTCLOUD_TOKEN_EXPIRES']);
    expect(named({ ...keys, TENCENTCLOUD_TOKEN_EXPIRES: 'soon' })).toEqual(['TENCENTCLOUD_TOKEN_EXPIRES']);
    const temporary = { ...keys, TENCENTCLOUD_TOKEN_EXPIRES: '2026-12-12T20:00:00+07:00' };
    expect(parseSettings(temporary)).toMatchObject({ ok: true });
    const other = { name: 'dns', secretId: 'i', secretKey: 'k', token: 't' };
    expect(named({ TENCENTCLOUD_ACCOUNTS: JSON.stringify([other]) })).toEqual(['TENCENTCLOUD_ACCOUNTS']);
    const dated = { ...other, expiresAt: '2026-12-12T20:00:00Z' };
    expect(parseSettings({ TENCENTCLOUD_ACCOUNTS: JSON.stringify([dated]) })).toMatchObject({ ok: true });
  });

  it.each(['127.0.0.0/16', '127.256.0.0/16', '127.77.1.0/16', '128.77.0.0/16'])(
    'accept no network such as %s for load balancers',
    (network) => {
      expect(named({ SPILLWAY_VIP_NETWORK: network })).toEqual(['SPILLWAY_VIP_NETWORK']);
    },
  );

  it('accept spaces between regions', () => {
    expect(parseSettings({ TENCENTCLOUD_REGIONS: ' ap-jakarta , ap-guangzhou,' })).toMatchObject({
      value: { TENCENTCLOUD_REGIONS: ['ap-jakarta', 'ap-guangzhou'] },
    });
  });

  it('require at least one region', () => {
    expect(named({ TENCENTCLOUD_REGIONS: ' , ' })).toEqual(['TENCENTCLOUD_REGIONS']);
  });
});
