'use client';

import { useTranslations } from 'next-intl';

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

/** Advice about a key that the cloud does not accept; nothing for any other code. */
export function KeyAdvice({ code }: { readonly code: string }) {
  const t = useTranslations('ui.cloudError.key');
  const problem = findKeyProblem(code);
  return problem === null ? null : t(problem);
}
