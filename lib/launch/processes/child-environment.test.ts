import { expect, test } from 'vitest';
import { parseSettings } from '@/lib/settings';
import {
  jailsFunctionsOnly,
  sandboxEnvironment,
  webEnvironment,
  workerEnvironment,
} from './child-environment';

const env = {
  PATH: '/usr/bin',
  PORT: '3100',
  DATABASE_URL: 'postgresql://outer',
  TENCENTCLOUD_SECRET_ID: 'real-id',
  TENCENTCLOUD_SECRET_KEY: 'real-key',
  TENCENTCLOUD_TOKEN: 'real-token',
  TENCENTCLOUD_ACCOUNTS: '[further-keys]',
  SPILLWAY_OIDC_CLIENT_SECRET: 'of-the-provider',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-token',
  SPILLWAY_SANDBOX: 'forged',
  SPILLWAY_SEALING_KEYS: 'for-the-worker-alone',
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'for-the-web-alone',
  NODE_OPTIONS: '--require=./other.js',
  SOMETHING_ELSE: 'x',
};
const keys = {
  actions: 'the-key',
  links: 'the-link-key',
  sealingKeys: 'the-private-key',
  sealingKeyFile: '/data/sealing-keys.json',
};
const url = 'postgresql://spillway@localhost/spillway?host=%2Fdata';

test('the dashboard gets the database and no cloud keys', () => {
  expect(webEnvironment(env, url, keys, '/data/control.json')).toEqual({
    SPILLWAY_SANDBOX_CONTROL: '/data/control.json',
    PATH: '/usr/bin',
    PORT: '3100',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-token',
    DATABASE_URL: url,
    SPILLWAY_OIDC_CLIENT_SECRET: 'of-the-provider',
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'the-key',
    SPILLWAY_LINK_KEY: 'the-link-key',
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  });
  expect(webEnvironment(env, url, keys, null)).not.toHaveProperty('SPILLWAY_SANDBOX_CONTROL');
});

test('only the worker gets keys, and uses the sandbox of the launcher', () => {
  expect(workerEnvironment(env, url, keys, '{"api":"…"}')).toEqual({
    PATH: '/usr/bin',
    PORT: '3100',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-token',
    DATABASE_URL: url,
    NODE_ENV: 'production',
    TENCENTCLOUD_SECRET_ID: 'real-id',
    TENCENTCLOUD_SECRET_KEY: 'real-key',
    TENCENTCLOUD_TOKEN: 'real-token',
    TENCENTCLOUD_ACCOUNTS: '[further-keys]',
    SPILLWAY_SEALING_KEYS: keys.sealingKeys,
    SPILLWAY_SEALING_KEY_FILE: keys.sealingKeyFile,
    SPILLWAY_LINK_KEY: keys.links,
    SPILLWAY_SANDBOX: '{"api":"…"}',
  });
  expect(workerEnvironment(env, url, keys, undefined)).not.toHaveProperty('SPILLWAY_SANDBOX');
});

test('every configured setting is passed to the dashboard and the worker', () => {
  const settings = parseSettings({});
  if (!settings.ok) throw new Error('the defaults are valid');
  const names = Object.keys(settings.value).filter(
    // Each process gets its own as DATABASE_URL.
    (name) => name.startsWith('SPILLWAY_') && !name.endsWith('_DATABASE_URL'),
  );
  const made = Object.fromEntries(names.map((name) => [name, 'made']));
  expect(webEnvironment(made, url, keys, null)).toMatchObject(made);
  expect(workerEnvironment(made, url, keys, undefined)).toMatchObject(made);
});

test('with keys of real accounts, functions run in a jail or not at all, unless a setting allows more', () => {
  const jails = (settings: Record<string, string>, mayStoreKeys = false) => {
    const parsed = parseSettings(settings);
    if (!parsed.ok) throw new Error(parsed.error.join());
    return jailsFunctionsOnly(parsed.value, mayStoreKeys);
  };
  const first = { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' };
  const further = { TENCENTCLOUD_ACCOUNTS: '[{"name":"a","secretId":"id","secretKey":"key"}]' };
  expect([{}, first, further].map((each) => jails(each))).toEqual([false, true, true]);
  expect(jails({}, true)).toBe(true);
  expect(jails({ SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS: 'allow' }, true)).toBe(false);
  expect(jails({ ...first, SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS: 'allow' })).toBe(false);
});

test('the sandbox gets neither the database nor keys', () => {
  const settings = parseSettings({});
  if (!settings.ok) throw new Error('the defaults are valid');
  expect(sandboxEnvironment(env, settings.value)).toEqual({
    PATH: '/usr/bin',
    NODE_ENV: 'production',
    SPILLWAY_LOG_LEVEL: 'info',
  });
});
