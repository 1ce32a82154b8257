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
  ])('says that %s passes, also where a write has to be read back', (code) => {
    expect(isTransient({ code, advice: 'readBack' })).toBe(true);
  });

  it('says that whatever the cloud refused for the moment passes', () => {
    expect(isTransient({ code: 'RequestLimitExceeded', advice: 'retry' })).toBe(true);
  });

  it.each([
    'Task.Failed',
    'FailedOperation',
    'Http.403',
    'AuthFailure.SecretIdNotFound',
    'Refused.ObjectChanged',
  ])('says that %s does not pass by itself', (code) =>
    expect(isTransient({ code, advice: 'giveUp' })).toBe(false),
  );
});
