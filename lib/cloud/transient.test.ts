import { describe, expect, it } from 'vitest';
import { isTransient } from './transient';

describe('isTransient', () => {
  it.each([
    ...[
      'Network.ECONNREFUSED',
      'Network.Timeout',
      'Network.BrokenAnswer',
      'Http.502',
      'Http.408',
      'Http.429',
    ],
    ...['InternalError', 'InternalError.Db', 'ServiceUnavailable', 'Task.Timeout'],
    ...['FailedOperation.UnknowError', 'InvalidParameter.OperateFailed', 'RequestLimitExceeded'],
  ])('treats %s as transient, even when a write has to be read back', (code) => {
    expect(isTransient({ code, advice: 'readBack' })).toBe(true);
  });

  it('treats every temporary refusal of the cloud as transient', () => {
    expect(isTransient({ code: 'RequestLimitExceeded', advice: 'retry' })).toBe(true);
  });

  it.each([
    'Task.Failed',
    'FailedOperation',
    'Http.403',
    'AuthFailure.SecretIdNotFound',
    'Refused.ObjectChanged',
  ])('does not treat %s as transient', (code) => expect(isTransient({ code, advice: 'giveUp' })).toBe(false));
});
