'use client';

import { useTranslations } from 'next-intl';
import { findKeyProblem } from '@/lib/client/find-key-problem';

/** Advice about a key that the cloud does not accept; nothing for any other code. */
export function KeyAdvice({ code }: { readonly code: string }) {
  const t = useTranslations('ui.cloudError.key');
  const problem = findKeyProblem(code);
  return problem === null ? null : t(problem);
}
