import { expect, test } from 'vitest';
import { commonRole, includesRole, mayUse, type Role, roles } from './roles';
import { queryNames, verbNames } from './verbs';

const everything = [...verbNames, ...queryNames];
const allowed = (role: Role | null) => everything.filter((operation) => mayUse(role, operation));

test('someone who is not signed in may only sign in, sign out, use a set-up link, and read a feed by its token', () => {
  expect(allowed(null).sort()).toEqual([
    'calendarFeed.read',
    'session.beginPasskey',
    'session.beginSso',
    'session.completeSso',
    'session.endBySso',
    'session.get',
    'session.listWays',
    'session.signIn',
    'session.signInWithPasskey',
    'session.signOut',
    'setUp.complete',
  ]);
});

test('a viewer changes nothing but their own sign-in and tokens', () => {
  const changes = verbNames.filter((verb) => mayUse('viewer', verb) && !mayUse(null, verb));
  expect(changes).toEqual([
    'passkey.add',
    'passkey.begin',
    'passkey.remove',
    'passkey.rename',
    'password.change',
    'secondFactor.begin',
    'secondFactor.confirm',
    'secondFactor.remove',
    'secondFactor.renewCodes',
    'session.reauthenticate',
    'session.revoke',
    'session.revokeOthers',
    'token.create',
    'token.revoke',
  ]);
});

test('nobody but an administrator may both apply and approve', () => {
  const both = roles.filter((role) => mayUse(role, 'plan.apply') && mayUse(role, 'plan.approve'));
  expect(both).toEqual(['administrator']);
});

test('an operator and an administrator may break glass', () => {
  expect(roles.filter((role) => mayUse(role, 'plan.breakGlass'))).toEqual(['operator', 'administrator']);
});

test('approvers and administrators may read the audit log', () => {
  for (const operation of ['audit.list', 'audit.export'] as const)
    expect(roles.filter((role) => mayUse(role, operation))).toEqual(['approver', 'administrator']);
});

test('only an administrator may run code and configure', () => {
  for (const operation of ['function.deploy', 'sandbox.command', 'sandbox.export', 'policy.set'] as const)
    expect(roles.filter((role) => mayUse(role, operation))).toEqual(['administrator']);
});

test('an administrator may use everything, and each role at least what someone may who is not signed in', () => {
  expect(allowed('administrator')).toEqual(everything);
  for (const role of roles) expect(allowed(role)).toEqual(expect.arrayContaining(allowed(null)));
});

test('a role includes those with fewer rights, and two roles share one that both include', () => {
  expect(roles.filter((role) => includesRole('operator', role))).toEqual(['viewer', 'operator']);
  expect(roles.filter((role) => includesRole('administrator', role))).toEqual([...roles]);
  expect(commonRole('operator', 'approver')).toBe('viewer');
  expect(commonRole('administrator', 'approver')).toBe('approver');
  for (const one of roles)
    for (const other of roles) {
      const common = commonRole(one, other);
      expect(everything.filter((each) => mayUse(common, each))).toEqual(
        everything.filter((each) => mayUse(one, each) && mayUse(other, each) && mayUse(common, each)),
      );
    }
});

test('an agent may report what it sees and read what to ask, and nothing else that needs a right', () => {
  const own = allowed('agent').filter((operation) => !mayUse(null, operation));
  expect(own.sort()).toEqual(['probe.listTargets', 'probe.report']);
  expect(roles.filter((role) => includesRole(role, 'agent'))).toEqual(['operator', 'administrator']);
});

test('a viewer and an agent have no role in common, so that the token of a demoted person gains nothing', () => {
  expect(commonRole('viewer', 'agent')).toBeNull();
  expect(commonRole('approver', 'agent')).toBeNull();
  expect(commonRole('operator', 'agent')).toBe('agent');
});
