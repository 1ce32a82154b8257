import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readActions, writeActions } from '@/lib/estate/actions';
import { judge, toStatements } from './api';

const statements = (...written: object[]) =>
  toStatements({ PolicyDocument: JSON.stringify({ version: '2.0', statement: written }) });

it.each<[what: string, written: object[], verdict: 'allowed' | 'denied' | 'neither']>([
  ['nothing said', [], 'denied'],
  ['the action itself', [{ effect: 'allow', action: ['clb:CreateRule'], resource: ['*'] }], 'allowed'],
  ['one text instead of lists', [{ effect: 'allow', action: 'clb:CreateRule', resource: '*' }], 'allowed'],
  ['no resource named', [{ effect: 'allow', action: 'clb:CreateRule' }], 'allowed'],
  ['a wildcard', [{ effect: 'allow', action: ['clb:Create*'], resource: ['*'] }], 'allowed'],
  ['the old form', [{ effect: 'allow', action: ['name/clb:*'], resource: ['*'] }], 'allowed'],
  ['keys in capitals', [{ Effect: 'Allow', Action: ['*:*'], Resource: ['*'] }], 'allowed'],
  ['another action', [{ effect: 'allow', action: ['clb:CreateRules'], resource: ['*'] }], 'denied'],
  ['a dot that is no wildcard', [{ effect: 'allow', action: ['clb.CreateRule'], resource: ['*'] }], 'denied'],
  [
    'a deny beside it',
    [
      { effect: 'allow', action: ['*'], resource: ['*'] },
      { effect: 'deny', action: ['clb:*'], resource: ['*'] },
    ],
    'denied',
  ],
  [
    'a deny of one resource',
    [
      { effect: 'allow', action: ['*'], resource: ['*'] },
      { effect: 'deny', action: ['clb:*'], resource: ['qcs::clb:::clb/lb-1'] },
    ],
    'neither',
  ],
  ['one resource', [{ effect: 'allow', action: ['*'], resource: ['qcs::clb:::clb/lb-1'] }], 'neither'],
  [
    'a condition',
    [{ effect: 'allow', action: ['*'], resource: ['*'], condition: { ip_equal: { 'qcs:ip': '10.0.0.1' } } }],
    'neither',
  ],
])('%s: %j is %s', (_, written, verdict) => {
  const { allowed, denied } = judge(statements(...written), ['clb:CreateRule']);
  const found = allowed?.length ? 'allowed' : denied.length > 0 ? 'denied' : 'neither';
  expect(found).toBe(verdict);
});

it('refuses an invalid document', () => {
  expect(() => toStatements({ PolicyDocument: 'not json' })).toThrow(/not JSON/);
  expect(() => statements({ effect: 'perhaps', action: ['*'] })).toThrow(/effect/);
});

it('the documented policy allows all our calls', () => {
  const page = readFileSync('docs/real-account.md', 'utf8');
  const [, policy = ''] = /```json\n(\{\s+"version": "2\.0"[\s\S]*?)```/.exec(page) ?? [];
  const actions = [...readActions, ...writeActions];
  expect(judge(toStatements({ PolicyDocument: policy }), actions)).toMatchObject({
    allowed: actions,
    denied: [],
  });
});
