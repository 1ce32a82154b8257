import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unknownPermissions } from '../account-model';
import { features, invokeActions, readActions, writeActions } from '../actions';
import { buildPolicy, judgeFeatures } from './connection-access';

const all = [...readActions, ...writeActions, ...invokeActions];
const full = { source: 'cam', allowed: [...all], denied: [] } as const;
const permissions = { ...full, allowed: [...full.allowed], denied: [] };

it('has each action in one feature, which a sync, a change or a test call sends', () => {
  const listed = Object.values(features).flatMap(({ actions }): readonly string[] => actions);
  expect(all.toSorted()).toEqual(listed.toSorted());
  expect(new Set(all).size).toBe(all.length);
});

it('is the table of the documentation', () => {
  const page = readFileSync('docs/real-account.md', 'utf8');
  const [, table = ''] = page.split(/^### What each feature needs$/m);
  const rows = [...table.matchAll(/^\|.*\|$/gm)]
    .map(([row]) => [...row.matchAll(/`([a-z]+:[A-Za-z*]+)`/g)].map(([, action]) => action))
    .filter((actions) => actions.length > 0);
  // One pattern covers all reads of load balancers, and the table has it once.
  const isCovered = (action: string) => action.startsWith('clb:Describe');
  const listed = Object.values(features).map(({ actions }): readonly string[] =>
    actions.every(isCovered) ? ['clb:Describe*'] : actions.filter((action) => !isCovered(action)),
  );
  expect(rows).toEqual(listed);
});

it.each([
  ['granted', permissions, null, []],
  [
    'missing',
    { ...permissions, allowed: [], denied: ['cloudaudit:DescribeEvents'] },
    null,
    ['cloudaudit:DescribeEvents'],
  ],
  ['missing', unknownPermissions, 'UnauthorizedOperation', ['cloudaudit:DescribeEvents']],
  ['failed', unknownPermissions, 'InternalError', []],
  ['granted', unknownPermissions, null, []],
] as const)('a feature is %s by policies and by what was tried', (state, read, code, missing) => {
  const failure = code === null ? null : { code, message: 'no', requestId: 'r' };
  const trials = [{ action: 'cloudaudit:DescribeEvents', failure }];
  const judged = judgeFeatures(
    { read: { ...read, allowed: read.allowed && [...read.allowed], denied: [...read.denied] }, write: null },
    trials,
  );
  expect(judged.find(({ feature }) => feature === 'actors')).toEqual({
    feature: 'actors',
    state,
    missing,
    failure,
  });
});

it('a feature of several actions is unknown if policies can’t be read, and writes are off without a key for them', () => {
  const judged = judgeFeatures({ read: unknownPermissions, write: null }, []);
  expect(judged.find(({ feature }) => feature === 'dns')?.state).toBe('unknown');
  expect(judged.find(({ feature }) => feature === 'moveNames')?.state).toBe('off');
});

it('a role needs the action that reads policies of roles, and a user the one that reads those of users', () => {
  const actions = ['cam:ListAttachedRolePolicies', 'cam:GetPolicy'];
  const read = { source: 'cam', allowed: actions, denied: ['cam:ListAttachedUserAllPolicies'] } as const;
  const own = { read: { ...read, allowed: [...actions], denied: [...read.denied] }, write: null };
  const state = (caller: 'user' | 'role') =>
    judgeFeatures(own, [], caller).find(({ feature }) => feature === 'permissions');
  expect(state('role')).toMatchObject({ state: 'granted', missing: [] });
  expect(state('user')).toMatchObject({ state: 'missing', missing: ['cam:ListAttachedUserAllPolicies'] });
});

it('builds a policy that can be pasted', () => {
  expect(JSON.parse(buildPolicy(['scf:GetAlias', 'clb:CreateRule', 'scf:GetAlias']))).toEqual({
    version: '2.0',
    statement: [{ effect: 'allow', action: ['clb:CreateRule', 'scf:GetAlias'], resource: ['*'] }],
  });
});
