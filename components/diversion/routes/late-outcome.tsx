'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';

type Part = typeof import('./test-invocation-outcome');

const outcome = onDemand(() => import('./test-invocation-outcome'));

/** The outcome of a test invocation, fetched once there is one. */
export function LateOutcome(props: ComponentProps<Part['TestInvocationOutcome']>) {
  const t = useTranslations('ui');
  const isNeeded = props.tried.state !== 'none';
  const part = usePart(outcome, isNeeded);
  if (!isNeeded || part === null) return null;
  return part === 'missing' ? (
    <p role="alert" className="text-12 text-bad-ink">
      {t('partMissing')}
    </p>
  ) : (
    <part.TestInvocationOutcome {...props} />
  );
}
