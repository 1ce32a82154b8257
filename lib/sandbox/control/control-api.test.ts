import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';
import { seedNamed, seedNames } from '../seeds/seeds';
import type { AssumptionRow } from '../world/assumptions';
import { SwitchableClock } from '../world/clock';
import type { World } from '../world/world';
import { RecentLog } from './recent-log';

const vipNetwork = '127.108.0.0/16';
const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };

let cloud: TestCloud;
let clb: TestClients['clb'];
beforeEach(async () => {
  const recentLog = new RecentLog();
  cloud = await startTestCloud({ vipNetwork, recentLog, log: pino({}, recentLog) });
  ({ clb } = cloud.clients());
});
afterEach(() => cloud.plane.stop());

const createRule = (domain: string) => clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/' }] });
const domains = async () => {
  const { Listeners: listeners } = await clb.DescribeListeners({ LoadBalancerId: place.LoadBalancerId });
  return (listeners?.[0]?.Rules ?? []).map((rule) => rule.Domain);
};

test('advances a virtual clock manually, and ends tasks that come due', async () => {
  const { now, mode } = await cloud.callControl<{ now: number; mode: string }>('GET', '/clock');
  expect(mode).toBe('virtual');
  await createRule('a.example.com');
  expect(await cloud.callControl('POST', '/clock', { mode: 'virtual', advanceMs: 999 })).toMatchObject({
    now: now + 999,
  });
  expect(await domains()).not.toContain('a.example.com');
  expect(await cloud.callControl('POST', '/clock', { mode: 'virtual', advanceMs: 1 })).toMatchObject({
    rate: 0,
  });
  expect(await domains()).toContain('a.example.com');
  const noon = '2030-01-01T12:00:00+08:00';
  await expect(cloud.callControl('POST', '/clock', { mode: 'virtual', now: noon })).rejects.toThrow(
    '400 now: at most',
  );
  const monthAhead = now + 30 * 86_400_000;
  const moved = await cloud.callControl('POST', '/clock', {
    mode: 'virtual',
    now: new Date(monthAhead).toISOString(),
  });
  expect(moved).toMatchObject({ now: monthAhead, iso: new Date(monthAhead).toISOString() });
  // Signatures use real time, because clients have no other clock.
  expect(await domains()).toContain('a.example.com');
});

test('ends tasks automatically on a running clock, and keeps their remaining time on return to real time', async () => {
  await cloud.callControl('POST', '/clock', { mode: 'virtual', advanceMs: 86_400_000 });
  await createRule('late.example.com');
  await cloud.callControl('POST', '/task-time', { ms: 3_600_000 });
  expect(await cloud.callControl('POST', '/clock', { mode: 'real' })).toMatchObject({
    mode: 'real',
    rate: 1,
  });
  const [task] = Object.values(cloud.account('small-standard').tasks);
  expect(task?.startedAt).toBeLessThanOrEqual(Date.now());
  expect(task?.endsAt).toBe((task?.startedAt ?? 0) + 1000);
  // 10,000 times as fast: an hour passes during the next calls.
  expect(await cloud.callControl('POST', '/clock', { mode: 'virtual', rate: 10_000 })).toMatchObject({
    rate: 10_000,
  });
  await expect.poll(domains).toContain('late.example.com');
});

test.each([
  [{}, 'mode'],
  [{ mode: 'backwards' }, 'mode'],
  [{ mode: 'real', rate: 2 }, 'rate'],
  [{ mode: 'virtual', rate: -1 }, 'rate'],
  [{ mode: 'virtual', advanceMs: -1 }, 'advanceMs'],
  [{ mode: 'virtual', now: 'yesterday' }, 'now'],
])('refuses the clock command %j and names its field', async (order, field) => {
  const before = await cloud.callControl('GET', '/clock');
  await expect(cloud.callControl('POST', '/clock', order)).rejects.toThrow(new RegExp(`^400 .*${field}`));
  expect(await cloud.callControl('GET', '/clock')).toEqual(before);
});

test('exports and imports sandbox data, and drops faults injected before the import', async () => {
  const before = await cloud.callControl<World>('GET', '/data');
  await createRule('a.example.com');
  cloud.clock.advance(1000);
  await cloud.callControl('POST', '/faults', { kind: 'throttle', action: '*' });
  await cloud.callControl('PUT', '/data', before);
  expect(await cloud.callControl('GET', '/data')).toEqual(before);
  expect(await cloud.callControl('GET', '/faults')).toEqual({ faults: [] });
  expect(await cloud.callControl('GET', '/effects')).toEqual({});
  expect(await domains()).toEqual(['idle.example.com']);
});

test('restores the fault of a stopped server in imported data, so that it can be cleared', async () => {
  const world = await cloud.callControl<World>('GET', '/data');
  Object.assign(world.accounts['100000000001']?.instances['ins-web00001'] ?? {}, { downSince: 1 });
  await cloud.callControl('PUT', '/data', world);
  expect(await cloud.callControl('GET', '/faults')).toMatchObject({
    faults: [{ spec: { kind: 'instanceDown', instanceId: 'ins-web00001' } }],
  });
  await cloud.callControl('DELETE', '/faults');
  expect(cloud.account('small-standard').instances['ins-web00001']?.downSince).toBeNull();
});

test.each([
  ['torn', '{"format":2,', 'it is not JSON'],
  ['of another kind', '{"name":"spillway"}', 'no sandbox data'],
  ['of another network', JSON.stringify(seedNamed('small')('127.109.0.0/16', 0)), 'outside 127.108.0.0/16'],
  [
    'broken deep inside',
    JSON.stringify(seedNamed('small')(vipNetwork, 0)).replace('"port":8080', '"port":"8080"'),
    'accounts.100000000001.loadBalancers.lb-cvm00001.listeners.0.rules.0.targets.0.port must be number',
  ],
])('refuses sandbox data that is %s as a whole', async (_, text, message) => {
  await createRule('a.example.com');
  const before = await cloud.callControl('GET', '/data');
  const { url, token } = cloud.plane.control ?? { url: '', token: '' };
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/data`, { method: 'PUT', headers, body: text });
  expect(answer.status).toBe(400);
  expect((await answer.json()).error).toContain(message);
  expect(await cloud.callControl('GET', '/data')).toEqual(before);
});

test('loads another seed, and resets to that seed from then on', async () => {
  expect(await cloud.callControl('GET', '/seeds')).toEqual({ seeds: seedNames });
  await cloud.callControl('POST', '/seed', { name: 'flash-sale' });
  expect(await cloud.callControl('GET', '/summary')).toMatchObject({ seed: 'flash-sale' });
  await cloud.callControl('POST', '/reset');
  expect(await cloud.callControl('GET', '/summary')).toMatchObject({ seed: 'flash-sale' });
  await expect(cloud.callControl('POST', '/seed', { name: 'none' })).rejects.toThrow('400 name');
});

test('shows assumptions with their choices, sets them all or none, and resets them', async () => {
  const rows = async () =>
    (await cloud.callControl<{ assumptions: AssumptionRow[] }>('GET', '/assumptions')).assumptions;
  const row = async (name: string) => (await rows()).find((each) => each.name === name);
  expect(await row('binding.failsIn')).toMatchObject({ choices: ['call', 'task'], current: 'call' });
  expect(await row('http.noBackend')).toMatchObject({ min: 200, max: 599, current: 503 });
  await cloud.callControl('PUT', '/assumptions', { 'binding.failsIn': 'task', 'http.noBackend': 502 });
  expect(await row('binding.failsIn')).toMatchObject({ current: 'task' });
  const bad = { 'binding.failsIn': 'call', 'http.noBackend': 1000, 'no.such': 1 };
  await expect(cloud.callControl('PUT', '/assumptions', bad)).rejects.toThrow(
    /^400 http\.noBackend must be a number from 200 to 599.*Unknown assumption no\.such/,
  );
  expect(await row('binding.failsIn')).toMatchObject({ current: 'task' });
  await cloud.callControl('POST', '/reset');
  expect(await row('http.noBackend')).toMatchObject({ current: 503 });
});

test('reports effects by object and by request', async () => {
  const { RequestId: id = '' } = await createRule('a.example.com');
  cloud.clock.advance(1000);
  expect(await cloud.callControl('GET', '/effects')).toEqual({
    [`CreateRule ${place.LoadBalancerId}/${place.ListenerId}/a.example.com/`]: 1,
  });
  expect(await cloud.callControl('GET', '/effects?by=request')).toEqual({ [id]: 1 });
});

test('returns the log from any line on', async () => {
  const { RequestId: id } = await createRule('a.example.com');
  const { lines } = await cloud.callControl<{ lines: { number: number; line: object }[] }>('GET', '/log');
  expect(lines.at(-1)?.line).toMatchObject({ action: 'CreateRule', requestId: id });
  const last = lines.at(-1)?.number ?? 0;
  expect(await cloud.callControl('GET', `/log?after=${last}`)).toEqual({ lines: [] });
  expect(await catchCode(createRule('b.example.com'))).toBe('FailedOperation.ResourceInOperating');
  expect(await cloud.callControl('GET', `/log?after=${last}`)).toMatchObject({
    lines: [
      { number: last + 1, line: { action: 'CreateRule', code: 'FailedOperation.ResourceInOperating' } },
    ],
  });
});

test('counts the objects in a summary', async () => {
  await createRule('a.example.com');
  await cloud.callControl('POST', '/faults', { kind: 'throttle', action: '*' });
  await cloud.callControl('POST', '/task-time', { ms: 50 });
  expect(await cloud.callControl('GET', '/summary')).toMatchObject({
    seed: 'small',
    taskMs: 50,
    tasksRunning: 1,
    faultsPending: 1,
    clock: { mode: 'virtual', rate: 0, now: cloud.clock.now() },
    counts: { accounts: 2, loadBalancers: 3, rules: 5, targets: 5, functions: 2, zones: 1 },
  });
  cloud.plane.describe(() => ({ addresses: [{ vip: '127.108.1.1' }], runtimes: { python: '3.12' } }));
  expect(await cloud.callControl('GET', '/summary')).toMatchObject({ runtimes: { python: '3.12' } });
  expect(await cloud.callControl('GET', '/addresses')).toEqual({ addresses: [{ vip: '127.108.1.1' }] });
});

test('fails a task of imported data that names a missing object, and delays no other', async () => {
  const world = await cloud.callControl<World>('GET', '/data');
  const [startedAt, endsAt] = [cloud.clock.now(), cloud.clock.now() + 500];
  Object.assign(world.accounts['100000000001']?.tasks ?? {}, {
    lost: {
      id: 'lost',
      loadBalancerIds: ['lb-cvm00001'],
      action: 'RegisterTargets',
      startedAt,
      endsAt,
      outcome: 'running',
      message: '',
      fault: null,
      effect: {
        kind: 'registerTargets',
        loadBalancerId: 'lb-cvm00001',
        listenerId: 'lbl-none',
        ruleId: null,
        targets: [],
      },
    },
  });
  await cloud.callControl('PUT', '/data', world);
  await createRule('a.example.com');
  cloud.clock.advance(1000);
  expect(await clb.DescribeTaskStatus({ TaskId: 'lost' })).toMatchObject({
    Status: 1,
    Message: 'The sandbox failed; see its log.',
  });
  expect(await domains()).toContain('a.example.com');
});

const nested = (depth: number) => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
};

test.each([
  ['POST', '/faults', { kind: 'throttle', action: nested(9) }, '400 body: its lists and objects are nested'],
  [
    'PUT',
    '/assumptions',
    Object.fromEntries(Array.from({ length: 501 }, (_, i) => [i, 1])),
    '400 body: a list',
  ],
  ['PUT', '/assumptions', Array(11).fill(Array(100).fill(1)), '400 body: it has more than 1000 values'],
  ['POST', '/faults', { kind: 'x'.repeat(70_000) }, '413 The body is larger than 65536 bytes'],
  [
    'PUT',
    '/data',
    { format: 'sandbox/1', accounts: nested(33) },
    '400 The sandbox data is rejected: its lists',
  ],
])('refuses %s %s with a body that exceeds a limit: %#', async (method, path, body, message) => {
  const before = await cloud.callControl('GET', '/data');
  await expect(cloud.callControl(method, path, body)).rejects.toThrow(message);
  expect(await cloud.callControl('GET', '/data')).toEqual(before);
});

test('refuses unknown routes and lists the existing ones', async () => {
  await expect(cloud.callControl('GET', '/faults/fault-1')).rejects.toThrow(
    '404 The control API has no GET /faults/fault-1',
  );
  await expect(cloud.callControl('DELETE', '/faults/fault-1')).rejects.toThrow(
    '404 There is no fault fault-1',
  );
  await expect(cloud.callControl('POST', '/data')).rejects.toThrow('PUT /data');
});

test('applies the rate limit in real seconds while the clock is stopped', async () => {
  let wallNow = Date.now();
  const still = await startTestCloud({ vipNetwork, wallNow: () => wallNow });
  try {
    const { cvm } = still.clients();
    const burst = async () => {
      for (let index = 0; index < 20; index += 1) await cvm.DescribeZones();
    };
    await burst();
    expect(await catchCode(cvm.DescribeZones())).toBe('RequestLimitExceeded');
    wallNow += 1000;
    await burst();
    expect(await catchCode(cvm.DescribeZones())).toBe('RequestLimitExceeded');
    still.clock.advance(1000);
    await burst();
  } finally {
    await still.plane.stop();
  }
});

test('uses real time when no clock is given', async () => {
  const real = await startTestCloud({ vipNetwork, clock: new SwitchableClock() });
  const answer = await real.control('GET', '/clock');
  expect(await answer.json()).toMatchObject({ mode: 'real', rate: 1 });
  await real.plane.stop();
});
