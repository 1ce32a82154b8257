import { expect, test } from 'vitest';
import { emptyFault, type FaultDraft, faultKinds, listFaultFields, toFaultSpec } from './fault-draft';

const order = (draft: Partial<FaultDraft>) => toFaultSpec({ ...emptyFault, ...draft });

test('a fault contains only the fields of its kind', () => {
  expect(order({ kind: 'throttle', count: '3' })).toEqual({
    ok: true,
    value: { kind: 'throttle', action: '*', count: 3 },
  });
  expect(order({ kind: 'slow', object: ' lb-1 ', often: 'share', share: '2.5', ms: '800' })).toEqual({
    ok: true,
    value: { kind: 'slow', action: '*', object: 'lb-1', probability: 0.025, ms: 800 },
  });
  expect(order({ kind: 'http502', takesEffect: true })).toMatchObject({ value: { takesEffect: true } });
  expect(order({ kind: 'keyRejected', account: ' 100000000001 ' })).toEqual({
    ok: true,
    value: { kind: 'keyRejected', account: '100000000001', code: 'AuthFailure.SecretIdNotFound' },
  });
  expect(order({ kind: 'instanceDown', instanceId: 'ins-1' })).toEqual({
    ok: true,
    value: { kind: 'instanceDown', instanceId: 'ins-1' },
  });
  expect(order({ kind: 'foreignEdit', afterS: '1.5', params: '{"Weight":0}' })).toEqual({
    ok: true,
    value: {
      kind: 'foreignEdit',
      at: { afterMs: 1500 },
      call: {
        service: 'clb',
        action: 'ModifyTargetWeight',
        region: 'ap-singapore',
        params: { Weight: 0 },
      },
    },
  });
});

test.each([
  [{ count: '0' }, { count: 'number' }],
  [{ count: '' }, { count: 'number' }],
  [{ action: ' ' }, { action: 'missing' }],
  [{ often: 'share', share: '101' }, { share: 'number' }],
  [{ kind: 'keyRejected' }, { account: 'missing' }],
  [{ kind: 'functionDown' }, { function: 'missing' }],
  [{ kind: 'foreignEdit', params: '[]' }, { params: 'json' }],
  [{ kind: 'foreignEdit', params: '{' }, { params: 'json' }],
] as const)('refuses %j by field', (draft, errors) => {
  expect(order(draft)).toEqual({ ok: false, error: errors });
});

test('does not validate a field that the kind does not have', () => {
  expect(order({ kind: 'instanceDown', instanceId: 'ins-1', count: 'many' }).ok).toBe(true);
  for (const kind of faultKinds) expect(listFaultFields({ kind, often: 'count' }).length).toBeGreaterThan(0);
});
