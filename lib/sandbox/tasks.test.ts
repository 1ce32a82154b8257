import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, catchRefusal, startTestCloud } from '@/testing/sandbox/test-cloud';

const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const idle = { ...place, Domain: 'idle.example.com', Url: '/' };
const hello = {
  Function: { FunctionNamespace: 'default', FunctionName: 'hello', FunctionQualifier: '$LATEST' },
  Weight: 10,
};

const cloud = await startTestCloud();
const { clb } = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

async function readStatus(taskId: string | undefined) {
  return clb.DescribeTaskStatus({ TaskId: taskId ?? '' });
}

async function rules() {
  const { Listeners: listeners } = await clb.DescribeListeners({ LoadBalancerId: place.LoadBalancerId });
  return listeners?.[0]?.Rules ?? [];
}

async function boundFunctions() {
  const { Listeners: listeners } = await clb.DescribeTargets({ LoadBalancerId: place.LoadBalancerId });
  return (listeners ?? []).flatMap((l) => l.Rules ?? []).flatMap((rule) => rule.FunctionTargets ?? []);
}

const effects = async () => (await cloud.control('GET', '/effects')).json();

test('applies a write when its task ends, not before', async () => {
  const { RequestId: id } = await clb.RegisterFunctionTargets({ ...idle, FunctionTargets: [hello] });
  expect(await readStatus(id)).toMatchObject({ Status: 2, LoadBalancerIds: [place.LoadBalancerId] });
  cloud.clock.advance(999);
  expect(await boundFunctions()).toEqual([]);
  expect(await effects()).toEqual({});
  cloud.clock.advance(1);
  expect((await readStatus(id)).Status).toBe(0);
  expect(await boundFunctions()).toMatchObject([{ Function: hello.Function, Weight: 10 }]);
  const key = `RegisterFunctionTargets ${place.LoadBalancerId}/${place.ListenerId}/idle.example.com/`;
  expect(await effects()).toEqual({ [key]: 1 });
});

test('says that a task is done once the load balancers serve what it changed', async () => {
  const { RequestId: id } = await clb.RegisterFunctionTargets({ ...idle, FunctionTargets: [hello] });
  cloud.clock.advance(1000);
  let serve = () => {};
  const served = new Promise<void>((resolve) => {
    serve = resolve;
  });
  cloud.plane.describe(
    () => ({ addresses: [], runtimes: null }),
    () => served,
  );
  const answers: string[] = [];
  const status = readStatus(id).then(() => answers.push('status'));
  // Other calls are answered meanwhile.
  for (const _ of [1, 2, 3]) await rules();
  answers.push('rules');
  serve();
  await status;
  expect(answers).toEqual(['rules', 'status']);
});

test('refuses a second write to a busy load balancer, but allows one to another', async () => {
  await clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] });
  const second = clb.CreateRule({ ...place, Rules: [{ Domain: 'b.example.com', Url: '/' }] });
  expect(await catchRefusal(second)).toEqual({
    code: 'FailedOperation.ResourceInOperating',
    message:
      'Loadbalancer(lb-scf00001) is not in normal desState, maybe some tasks are being processed, please try later.',
  });
  const elsewhere = { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-cvm00001' };
  await clb.CreateRule({ ...elsewhere, Rules: [{ Domain: 'b.example.com', Url: '/' }] });
});

test('returns a rule’s id at once, and creates the rule later', async () => {
  const { LocationIds: ids } = await clb.CreateRule({
    ...place,
    Rules: [{ Domain: 'a.example.com', Url: '/x' }],
  });
  expect(ids).toEqual([expect.stringMatching(/^loc-[0-9a-z]{8}$/)]);
  expect(await rules()).toHaveLength(1);
  cloud.clock.advance(1000);
  expect((await rules()).map((rule) => [rule.LocationId, rule.Domain, rule.Url, rule.DefaultServer])).toEqual(
    [
      ['loc-idle0001', 'idle.example.com', '/', true],
      [ids?.[0], 'a.example.com', '/x', false],
    ],
  );
});

test('falls back to the earliest-created domain when a listener loses its default', async () => {
  const create = async (domain: string) => {
    await clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/' }] });
    cloud.clock.advance(1000);
  };
  await create('b.example.com');
  await create('a.example.com');
  await clb.DeleteRule({ ...place, Domain: 'idle.example.com' });
  cloud.clock.advance(1000);
  const defaults = async () =>
    (await rules()).filter((rule) => rule.DefaultServer).map((rule) => rule.Domain);
  expect(await defaults()).toEqual(['b.example.com']);
  await clb.DeleteRule({ ...place, Domain: 'b.example.com', NewDefaultServerDomain: 'a.example.com' });
  cloud.clock.advance(1000);
  expect(await defaults()).toEqual(['a.example.com']);
  await clb.DeleteRule({ ...place, Domain: 'a.example.com' });
  cloud.clock.advance(1000);
  await create('first.example.com');
  expect(await defaults()).toEqual(['first.example.com']);
});

test('registers and deregisters targets once', async () => {
  const rule = { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-cvm00001', LocationId: 'loc-sale0001' };
  const target = { InstanceId: 'ins-web00001', Port: 9090 };
  await clb.RegisterTargets({ ...rule, Targets: [target] });
  cloud.clock.advance(1000);
  expect(await catchCode(clb.RegisterTargets({ ...rule, Targets: [target] }))).toBe(
    'InvalidParameterValue.Duplicate',
  );
  const { Listeners: listeners } = await clb.DescribeTargets({
    LoadBalancerId: rule.LoadBalancerId,
    Filters: [{ Name: 'location-id', Values: ['loc-sale0001'] }],
  });
  expect(listeners?.[0]?.Rules?.[0]?.Targets).toContainEqual(
    expect.objectContaining({ ...target, Weight: 10, Type: 'CVM', PrivateIpAddresses: ['127.81.100.1'] }),
  );
  await clb.DeregisterTargets({ ...rule, Targets: [target] });
  cloud.clock.advance(1000);
  expect(await catchCode(clb.DeregisterTargets({ ...rule, Targets: [target] }))).toBe(
    'InvalidParameterValue',
  );
});

test.each([
  [{ Domain: '-a.example.com', Url: '/' }, 'InvalidParameter.FormatError'],
  [{ Domain: 'a.example.com', Url: 'x' }, 'InvalidParameter.FormatError'],
  [{ Domain: `${'a'.repeat(70)}.example.com`, Url: '/' }, 'InvalidParameterValue.Length'],
  [{ Domain: 'idle.example.com', Url: '/' }, 'InvalidParameterValue.Duplicate'],
  [{ Domain: 'a.example.com', Url: '/', Quic: true }, 'InvalidParameterValue'],
  [{ Domain: 'a.example.com', Url: '/', Scheduler: 'RANDOM' }, 'InvalidParameterValue'],
  [{ Url: '/' }, 'MissingParameter'],
])('refuses an invalid rule: %j', async (rule, code) => {
  expect(await catchCode(clb.CreateRule({ ...place, Rules: [rule] }))).toBe(code);
});

test('refuses unknown load balancers, listeners, rules and tasks', async () => {
  const bind = (where: object) =>
    catchCode(clb.RegisterFunctionTargets({ ...idle, ...where, FunctionTargets: [hello] }));
  expect(await bind({ LoadBalancerId: 'lb-none' })).toBe('InvalidParameter.LBIdNotFound');
  expect(await bind({ ListenerId: 'lbl-none' })).toBe('InvalidParameter.ListenerIdNotFound');
  expect(await bind({ LocationId: 'loc-none' })).toBe('InvalidParameter.LocationNotFound');
  expect(await catchCode(readStatus('none'))).toBe('InvalidParameter');
  const elsewhere = cloud.clients({ region: 'ap-guangzhou' }).clb;
  expect(await catchCode(elsewhere.DescribeListeners({ LoadBalancerId: 'lb-scf00001' }))).toBe(
    'InvalidParameter.LBIdNotFound',
  );
});

test('fails a task by a fault, with its message and without effect', async () => {
  await cloud.control('POST', '/faults', {
    action: 'RegisterFunctionTargets',
    kind: 'taskFails',
    message: 'no',
  });
  const { RequestId: id } = await clb.RegisterFunctionTargets({ ...idle, FunctionTargets: [hello] });
  cloud.clock.advance(1000);
  expect(await readStatus(id)).toMatchObject({ Status: 1, Message: 'no' });
  expect(await boundFunctions()).toEqual([]);
  expect(await effects()).toEqual({});
  await clb.RegisterFunctionTargets({ ...idle, FunctionTargets: [hello] });
  cloud.clock.advance(1000);
  expect(await boundFunctions()).toHaveLength(1);
});

test('throttles the next calls by a fault', async () => {
  await cloud.control('POST', '/faults', { action: 'DescribeTargets', kind: 'throttle', count: 2 });
  const call = () => clb.DescribeTargets({ LoadBalancerId: place.LoadBalancerId });
  expect(await catchCode(call())).toBe('RequestLimitExceeded');
  expect(await catchCode(call())).toBe('RequestLimitExceeded');
  await call();
});

test('loses the response by a fault, but not the effect', async () => {
  await cloud.control('POST', '/faults', { action: 'RegisterFunctionTargets', kind: 'replyLost' });
  const call = clb.RegisterFunctionTargets({ ...idle, FunctionTargets: [hello] });
  await expect(call).rejects.toThrow(/hang up|ECONNRESET/);
  cloud.clock.advance(1000);
  expect(await boundFunctions()).toHaveLength(1);
  expect(Object.values(await effects())).toEqual([1]);
});

test('serves the control API with token, invalid requests, task time, reset and sandbox data', async () => {
  expect((await fetch(`${cloud.plane.control?.url}/data`)).status).toBe(401);
  const bad = await cloud.control('POST', '/faults', { action: 'CreateRecord', kind: 'taskFails' });
  expect([bad.status, await bad.json()]).toEqual([
    400,
    { error: 'action: only writes on load balancers run as tasks' },
  ]);
  expect((await cloud.control('POST', '/task-time', { ms: -1 })).status).toBe(400);
  expect((await cloud.control('GET', '/nothing')).status).toBe(404);

  await cloud.control('POST', '/task-time', { ms: 5 });
  await clb.DeleteRule({ ...place, Domain: 'idle.example.com' });
  cloud.clock.advance(5);
  expect(await rules()).toEqual([]);
  await cloud.control('POST', '/reset');
  expect(await rules()).toHaveLength(1);
  expect(await effects()).toEqual({});
  expect(await (await cloud.control('GET', '/data')).json()).toMatchObject({
    format: 'sandbox/1',
    seed: 'small',
  });
});
