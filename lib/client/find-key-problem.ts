/**
 * Returns what the code of a refused call says about the account's key; null = nothing.
 * `rejected`: it was deleted, disabled or replaced. `clock`: its signature was made too early or too late.
 * Codes: https://www.tencentcloud.com/document/product/1140/51177
 */
export function findKeyProblem(code: string): 'rejected' | 'clock' | null {
  if (code === 'AuthFailure.SignatureExpire') return 'clock';
  return /^AuthFailure(\.(SecretIdNotFound|SignatureFailure|InvalidSecretId|TokenFailure))?$/.test(code)
    ? 'rejected'
    : null;
}
