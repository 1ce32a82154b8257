import { expect, test } from 'vitest';
import { parseFlags, usage } from './flags';

function started(args: readonly string[]) {
  const parsed = parseFlags(args);
  if (!parsed.ok || parsed.value.kind !== 'start') throw new Error('the flags start nothing');
  return parsed.value.flags;
}

test('has defaults, and the control API is off', () => {
  const { assumptions, ...flags } = started([]);
  expect(flags).toEqual({
    port: 0,
    tlsPort: 0,
    dnsPort: 0,
    resolverPort: 0,
    acceptHosts: [],
    seed: 'flash-sale',
    stateFile: null,
    fixedKeys: false,
    controlPort: null,
    vipNetwork: '127.77.0.0/16',
    taskMs: 1000,
    jailOnly: false,
  });
  expect(assumptions.get('http.noBackend')).toBe(503);
  expect(started(['--control', '--jail-only'])).toMatchObject({ controlPort: 0, jailOnly: true });
  expect(started(['--control-port', '4000', '--state', 'w.json'])).toMatchObject({
    controlPort: 4000,
    stateFile: 'w.json',
  });
});

test('accepts further host names by their domain only', () => {
  expect(started(['--accept-host', '*.TencentCloudAPI.com']).acceptHosts).toEqual(['*.tencentcloudapi.com']);
  for (const name of ['*', '*.com', 'tencentcloudapi.com', '*tencentcloudapi.com', 'a.*.example.com'])
    expect(parseFlags(['--accept-host', name])).toMatchObject({ ok: false });
});

test('uses random keys unless a flag is set', () => {
  expect(started(['--fixed-keys'])).toMatchObject({ fixedKeys: true });
  expect(parseFlags(['--fixed-keys=no'])).toMatchObject({ ok: false });
});

test('sets assumptions one by one', () => {
  const { assumptions } = started(['--assume', 'http.noBackend=502', '--assume=binding.failsIn=task']);
  expect(assumptions.get('http.noBackend')).toBe(502);
  expect(assumptions.get('binding.failsIn')).toBe('task');
});

test('reports all invalid flags together', () => {
  const bad = ['--port', 'x', '--seed', 'none', '--vip-network', '10.0.0.0/16', '--task-ms', '1.5'];
  const worse = [
    '--prot',
    '1',
    '--control=yes',
    '--dns-port=',
    '--assume',
    'a',
    '--assume',
    'b=1',
    '--state',
  ];
  const parsed = parseFlags([...bad, ...worse]);
  expect(parsed.ok ? [] : parsed.error.map((problem) => problem.split(' ')[0]).sort()).toEqual([
    '--assume',
    '--assume',
    '--control',
    '--dns-port',
    '--port',
    '--prot',
    '--seed',
    '--state',
    '--task-ms',
    '--vip-network',
    '1',
  ]);
});

test('accepts --help with any other flag, and describes every flag', () => {
  expect(parseFlags(['--port', 'x', '--help'])).toEqual({ ok: true, value: { kind: 'help' } });
  expect(parseFlags(['-h'])).toEqual({ ok: true, value: { kind: 'help' } });
  for (const name of [
    'port',
    'dns-port',
    'resolver-port',
    'seed',
    'state',
    'fixed-keys',
    'control',
    'control-port',
    'vip-network',
    'assume',
  ]) {
    expect(usage).toContain(`--${name} `);
  }
});
