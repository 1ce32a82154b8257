import { afterAll, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
const { vpc } = cloud.clients();
const rule = {
  action: 'ACCEPT',
  protocol: 'TCP',
  ports: '443',
  source: '0.0.0.0/0',
  description: 'https',
} as const;
cloud.account('small-standard').securityGroups = {
  'sg-web00001': {
    id: 'sg-web00001',
    region: 'ap-singapore',
    modifiedAt: 0,
    ingress: [rule, { ...rule, action: 'DROP', ports: 'ALL', source: '203.0.113.0/24' }],
  },
};
afterAll(() => cloud.plane.stop());

const ingress = async (...filters: { Name: string; Values: string[] }[]) => {
  const request = { SecurityGroupId: 'sg-web00001', ...(filters.length > 0 ? { Filters: filters } : {}) };
  return (await vpc.DescribeSecurityGroupPolicies(request)).SecurityGroupPolicySet;
};

test('returns rules in their order, with all outbound traffic allowed', async () => {
  expect(await ingress()).toMatchObject({
    Ingress: [
      { PolicyIndex: 0, Action: 'ACCEPT', Protocol: 'TCP', Port: '443', CidrBlock: '0.0.0.0/0' },
      { PolicyIndex: 1, Action: 'DROP', Port: 'ALL', CidrBlock: '203.0.113.0/24' },
    ],
    Egress: [{ Action: 'ACCEPT', Protocol: 'ALL', CidrBlock: '0.0.0.0/0' }],
  });
});

test('filters rules, and keeps their index', async () => {
  const dropped = await ingress({ Name: 'poly', Values: ['DROP'] });
  expect(dropped?.Ingress).toMatchObject([{ PolicyIndex: 1, Action: 'DROP' }]);
  expect((await ingress({ Name: 'port', Values: ['443'] }))?.Ingress).toHaveLength(1);
  expect((await ingress({ Name: 'direction', Values: ['INGRESS'] }))?.Egress).toEqual([]);
  expect((await ingress({ Name: 'direction', Values: ['EGRESS'] }))?.Ingress).toEqual([]);
});

test('refuses a missing group and an unknown filter', async () => {
  expect(await catchCode(vpc.DescribeSecurityGroupPolicies({ SecurityGroupId: 'sg-none0000' }))).toBe(
    'ResourceNotFound',
  );
  expect(await catchCode(ingress({ Name: 'colour', Values: ['red'] }))).toBe(
    'InvalidParameterValue.Malformed',
  );
});
