import { afterAll, beforeEach, expect, test } from 'vitest';
import { startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import { catchCode } from '@/testing/sandbox/test-cloud';

/** Additional actions that the Terraform provider's resources and data sources for load balancers call. */

const lb = 'lb-scf00001';
const clbTest = await startClbTestCloud();
const { clb } = clbTest;
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

async function one(id: string) {
  const { LoadBalancerSet: [found] = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] });
  return found;
}

test('makes a shared instance LCU-supported, which then accepts the settings of such instances', async () => {
  const change = (SlaType: string) => ({ LoadBalancerSla: [{ LoadBalancerId: lb, SlaType }] });
  expect((await one(lb))?.AttributeFlags).toContain('SharedLimitFlag');
  const { DealName: deal } = await clbTest.done(clb.ModifyLoadBalancerSla(change('clb.c2.medium')));
  expect(deal).toMatch(/^\d{23}$/);
  expect(await one(lb)).toMatchObject({ SlaType: 'clb.c2.medium' });
  expect((await one(lb))?.AttributeFlags).not.toContain('SharedLimitFlag');
  const limited = { LoadBalancerId: lb, Ports: [81], Protocol: 'TCP', MaxConn: 100 };
  await clbTest.done(clb.CreateListener(limited));
  await clbTest.done(clb.ModifyLoadBalancerSla(change('clb.c3.small')));
  expect(await one(lb)).toMatchObject({ SlaType: 'clb.c3.small' });
});

test('changes several together or not at all', async () => {
  const to = (...ids: string[]) => ({
    LoadBalancerSla: ids.map((LoadBalancerId) => ({ LoadBalancerId, SlaType: 'clb.c2.medium' })),
  });
  await clbTest.done(clb.ModifyLoadBalancerSla(to(lb, 'lb-cvm00001')));
  expect([(await one(lb))?.SlaType, (await one('lb-cvm00001'))?.SlaType]).toEqual([
    'clb.c2.medium',
    'clb.c2.medium',
  ]);
  const refused = (request: Parameters<typeof clb.ModifyLoadBalancerSla>[0]) =>
    clbTest.refused(() => clb.ModifyLoadBalancerSla(request));
  expect(await refused(to(lb, 'lb-none'))).toBe('InvalidParameter.LBIdNotFound');
  expect(await refused(to(lb, lb))).toBe('InvalidParameterValue.Duplicate');
  expect(await refused({ LoadBalancerSla: [{ LoadBalancerId: lb, SlaType: 'shared' }] })).toBe(
    'InvalidParameterValue',
  );
  expect(await refused({ LoadBalancerSla: [] })).toBe('InvalidParameterValue');
  Object.assign(clbTest.account.loadBalancers[lb] ?? {}, { vpcId: '0' });
  expect(await refused(to(lb))).toBe('InvalidParameterValue');
});

test('sets, replaces and removes security groups', async () => {
  const set = (...SecurityGroups: string[]) =>
    clb.SetLoadBalancerSecurityGroups({ LoadBalancerId: lb, SecurityGroups });
  const group = clbTest.account.securityGroups?.['sg-sinopen1'];
  clbTest.account.securityGroups = {
    ...clbTest.account.securityGroups,
    ...(group && { 'sg-second01': { ...group, id: 'sg-second01' } }),
    ...(group && { 'sg-faraway1': { ...group, id: 'sg-faraway1', region: 'ap-guangzhou' } }),
  };
  expect((await one(lb))?.SecureGroups).toEqual([]);
  await clbTest.done(set('sg-sinopen1', 'sg-second01'));
  expect((await one(lb))?.SecureGroups).toEqual(['sg-sinopen1', 'sg-second01']);
  await clbTest.done(set('sg-second01', 'sg-second01'));
  expect((await one(lb))?.SecureGroups).toEqual(['sg-second01']);
  await clbTest.done(clb.SetLoadBalancerSecurityGroups({ LoadBalancerId: lb }));
  expect((await one(lb))?.SecureGroups).toEqual([]);
  expect(await clbTest.refused(() => set('group'))).toBe('InvalidParameterValue');
  for (const unknown of ['sg-none0000', 'sg-faraway1', 'sg-sinopen1x'])
    expect(await clbTest.refused(() => set(unknown))).toBe('InvalidParameterValue');
  const many = Array.from({ length: 51 }, (_, n) => `sg-${String(n).padStart(8, '0')}`);
  expect(await clbTest.refused(() => set(...many))).toBe('InvalidParameterValue');
});

test('lists listeners of classic instances only, by a separate action', async () => {
  const read = (request: object = {}) =>
    clb.DescribeClassicalLBListeners({ LoadBalancerId: 'lb-cvm00001', ...request });
  expect(await catchCode(read())).toBe('InvalidParameterValue');
  Object.assign(clbTest.account.loadBalancers['lb-cvm00001'] ?? {}, { forward: 0 });
  expect((await read()).Listeners).toMatchObject([
    {
      ListenerId: 'lbl-cvm00001',
      ListenerPort: 80,
      InstancePort: 8080,
      Protocol: 'HTTP',
      Status: 1,
      HttpHash: 'wrr',
      SSLMode: '',
      CertId: '',
    },
  ]);
  expect((await read({ Protocol: 'TCP' })).Listeners).toEqual([]);
  expect((await read({ ListenerPort: 80, Status: 0 })).Listeners).toEqual([]);
  expect(await catchCode(read({ Protocol: 'QUIC' }))).toBe('InvalidParameterValue');
});
