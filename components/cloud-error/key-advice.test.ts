import { expect, it } from 'vitest';
import { findKeyProblem } from '@/components/cloud-error/key-advice';

it.each([
  ['AuthFailure', 'rejected'],
  ['AuthFailure.SecretIdNotFound', 'rejected'],
  ['AuthFailure.SignatureFailure', 'rejected'],
  ['AuthFailure.TokenFailure', 'rejected'],
  ['AuthFailure.SignatureExpire', 'clock'],
  // The key is right, and its policy is not.
  ['AuthFailure.UnauthorizedOperation', null],
  ['UnauthorizedOperation', null],
  ['RequestLimitExceeded', null],
] as const)('%s: %s', (code, problem) => {
  expect(findKeyProblem(code)).toBe(problem);
});
