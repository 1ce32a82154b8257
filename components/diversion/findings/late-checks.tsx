'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';

type Parts = typeof import('./check-parts');

/** Fetched once the page is idle, or as soon as there is something to say. */
const parts = onDemand(() => import('./check-parts'));

/** Returns the parts, or null until they are fetched. */
function useParts(isNeeded: boolean): Parts | null {
  const part = usePart(parts, isNeeded);
  return part === 'missing' ? null : part;
}

/** The findings of one field. */
export function LateFindingLines(props: ComponentProps<Parts['LinesPart']>) {
  const part = useParts(props.findings.length > 0);
  return part === null || props.findings.length === 0 ? null : <part.LinesPart {...props} />;
}

/** Everything that blocks the plan. Says so if the text of that could not be fetched. */
export function LateBlocksPanel(props: ComponentProps<Parts['BlocksPart']>) {
  const t = useTranslations('ui');
  const isNeeded = props.blocks.length > 0;
  const part = usePart(parts, isNeeded);
  if (!isNeeded || part === null) return null;
  return part === 'missing' ? (
    <p role="alert" className="text-12 text-bad-ink">
      {t('partMissing')}
    </p>
  ) : (
    <part.BlocksPart {...props} />
  );
}

/** The steps of a plan. */
export function LatePlannedSteps(props: ComponentProps<Parts['StepsPart']>) {
  const part = useParts(true);
  return part === null ? null : <part.StepsPart {...props} />;
}

/** The reasons why nothing can be planned. */
export function LatePlanProblems(props: ComponentProps<Parts['ProblemsPart']>) {
  const part = useParts(true);
  return part === null ? null : <part.ProblemsPart {...props} />;
}
