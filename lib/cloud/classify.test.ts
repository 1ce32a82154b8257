import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './to-cloud-error';

const write = 'RegisterTargets';
const code = (text: string) => ({ kind: 'code', code: text }) as const;

/** Codes that don't reveal whether the write happened. */
const silentCodes = [
  'InternalError',
  'InternalError.System',
  'ServiceUnavailable',
  'FailedOperation',
  'FailedOperation.Unknown',
  'FailedOperation.UnknowError',
  'InvalidParameter.OperateFailed',
];

describe('classify', () => {
  it.each([
    ['RequestLimitExceeded', 'retry'],
    ['RequestLimitExceeded.RequestLimitExceeded', 'retry'],
    ['FailedOperation.ResourceInOperating', 'retry'],
    ['FailedOperation.ReservedInProgress', 'retry'],
    ['InvalidParameter.OperationIsTooFrequent', 'retry'],
    ['AuthFailure.SignatureExpire', 'retry'],
    ['ResourceInUse', 'retry'],
    ['ResourceUnavailable', 'retry'],
    ['ResourceUnavailable.Function', 'retry'],
    ['ResourceUnavailable.InsufficientBalance', 'giveUp'],
    ['ResourceInUse.Alias', 'readBack'],
    ['InternalError', 'readBack'],
    ['InvalidParameterValue.Duplicate', 'readBack'],
    ['InvalidParameter.DomainRecordExist', 'readBack'],
    ['ResourceNotFound', 'giveUp'],
    ['AuthFailure.SignatureFailure', 'giveUp'],
    ['LimitExceeded', 'giveUp'],
    ['InvalidParameter.ProtocolCheckFailed', 'giveUp'],
  ])('a write refused with %s: %s', (text, advice) => {
    expect(classify(code(text), write, true).advice).toBe(advice);
  });

  it('reads back when the object to be removed does not exist', () => {
    const verdict = classify(code('ResourceNotFound'), 'DeregisterFunctionTargets', true);
    expect(verdict).toEqual({ advice: 'readBack', mayHaveHappened: false });
  });

  it('never advises retrying a write whose outcome is unknown', () => {
    const silent = fc.oneof(
      fc.constantFrom(...silentCodes).map(code),
      // Codes that are not documented anywhere.
      fc.stringMatching(/^X[A-Za-z]{1,20}(\.[A-Za-z]{1,20})?$/).map(code),
      fc.constantFrom(408, 429, 500, 502, 503, 504).map((status) => ({ kind: 'http', status }) as const),
      fc.constant({ kind: 'noAnswer' } as const),
    );
    const actions = fc.constantFrom(
      'CreateRule',
      'RegisterTargets',
      'DeregisterTargets',
      'ModifyRecord',
      'DeleteRecord',
    );
    fc.assert(
      fc.property(silent, actions, (failure, action) => {
        expect(classify(failure, action, true)).toEqual({ advice: 'readBack', mayHaveHappened: true });
      }),
    );
  });

  it('advises a retry only if nothing happened, and never reports a change by a read', () => {
    const failures = fc.oneof(
      fc.string().map(code),
      fc.integer({ min: 300, max: 599 }).map((status) => ({ kind: 'http', status }) as const),
      fc.constantFrom({ kind: 'noAnswer' } as const, { kind: 'notSent' } as const),
    );
    fc.assert(
      fc.property(failures, fc.boolean(), (failure, isWrite) => {
        const { advice, mayHaveHappened } = classify(failure, write, isWrite);
        if (mayHaveHappened) expect(advice).toBe('readBack');
        if (!isWrite) expect(mayHaveHappened || advice === 'readBack').toBe(false);
      }),
    );
  });
});
