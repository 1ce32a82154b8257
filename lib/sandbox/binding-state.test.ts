import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, catchRefusal, startTestCloud } from '@/testing/sandbox/test-cloud';
import { pageHandler, zipSeedFiles } from './seeds/parts';

/** Restrictions that depend on the state of a rule or a function, which no seed contains initially. */
const cloud = await startTestCloud();
const clients = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const scfSide = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const cvmSide = { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-cvm00001' };

async function createRule(domain: string, more: { TargetType?: string } = {}, place = scfSide) {
  await clients.clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/', ...more }] });
  cloud.clock.advance(1000);
}

function bind(domain: string, { name = 'hello', place = scfSide } = {}) {
  const fn = { FunctionNamespace: 'default', FunctionName: name, FunctionQualifier: '$LATEST' };
  return clients.clb.RegisterFunctionTargets({
    ...place,
    Domain: domain,
    Url: '/',
    FunctionTargets: [{ Function: fn }],
  });
}

async function bindTimes(count: number) {
  for (let n = 1; n <= count; n += 1) {
    await createRule(`r${n}.example.com`);
    await bind(`r${n}.example.com`);
    cloud.clock.advance(1000);
  }
}

test('R12: a function accepts ten CLB triggers, but no eleventh', async () => {
  await bindTimes(10);
  expect(await catchRefusal(bind('idle.example.com'))).toMatchObject({
    code: 'LimitExceeded',
    message: expect.stringContaining('at most 10'),
  });
});

test('R12: pending bindings at other load balancers count', async () => {
  await bindTimes(9);
  await createRule('last.example.com', {}, cvmSide);
  await bind('last.example.com', { place: cvmSide });
  expect(await catchCode(bind('idle.example.com'))).toBe('LimitExceeded');
});

test('R14: a function is bound once it is Active', async () => {
  await clients.scf.CreateFunction({
    FunctionName: 'fresh',
    Handler: 'index.main_handler',
    Runtime: 'Python3.10',
    Code: { ZipFile: zipSeedFiles({ 'index.py': pageHandler('Fresh') }) },
  });
  expect(await catchRefusal(bind('idle.example.com', { name: 'fresh' }))).toMatchObject({
    code: 'FailedOperation',
    message: expect.stringContaining('is Creating'),
  });
  cloud.clock.advance(1000);
  await bind('idle.example.com', { name: 'fresh' });
});

test('R15: a rule with a target group accepts no function', async () => {
  await createRule('group.example.com', { TargetType: 'TARGETGROUP' });
  expect(await catchRefusal(bind('group.example.com'))).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining('target groups'),
  });
});

test('R16: a rule that redirects accepts no function', async () => {
  // The sandbox has no action that creates a redirect: it can only come from the sandbox data.
  const [listener] = cloud.account('small-standard').loadBalancers['lb-scf00001']?.listeners ?? [];
  const [rule] = listener?.rules ?? [];
  if (!listener || !rule) throw new Error('the seed has this rule');
  rule.redirectTo = {
    listenerId: listener.id,
    ruleId: 'loc-elsewhere',
    code: 302,
    takeUrl: true,
  };
  expect(await catchRefusal(bind('idle.example.com'))).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining('redirects to loc-elsewhere'),
  });
});
