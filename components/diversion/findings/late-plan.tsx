'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { usePart } from '@/components/ui/base/on-demand';
import { type CheckParts, checkParts, useCheckParts } from './late-checks';

/** Everything that blocks the plan. Says so if the text of that could not be fetched. */
export function LateBlocksPanel(props: ComponentProps<CheckParts['BlocksPart']>) {
  const t = useTranslations('ui');
  const isNeeded = props.blocks.length > 0;
  const part = usePart(checkParts, isNeeded);
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
export function LatePlannedSteps(props: ComponentProps<CheckParts['StepsPart']>) {
  const part = useCheckParts(true);
  return part === null ? null : <part.StepsPart {...props} />;
}

/** The reasons why nothing can be planned. */
export function LatePlanProblems(props: ComponentProps<CheckParts['ProblemsPart']>) {
  const part = useCheckParts(true);
  return part === null ? null : <part.ProblemsPart {...props} />;
}
