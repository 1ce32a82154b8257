'use client';

import type { ComponentProps } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';

export type CheckParts = typeof import('./check-parts');

/** Fetched once the page is idle, or as soon as there is something to say. */
export const checkParts = onDemand(() => import('./check-parts'));

/** Returns the parts, or null until they are fetched. */
export function useCheckParts(isNeeded: boolean): CheckParts | null {
  const part = usePart(checkParts, isNeeded);
  return part === 'missing' ? null : part;
}

/** The findings of one field. */
export function LateFindingLines(props: ComponentProps<CheckParts['LinesPart']>) {
  const part = useCheckParts(props.findings.length > 0);
  return part === null || props.findings.length === 0 ? null : <part.LinesPart {...props} />;
}
