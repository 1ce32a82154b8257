'use client';

import type { ComponentProps } from 'react';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { RecurrencePanel } from './recurrence-panel';

const part = onDemand(() => import('./recurrence-panel'));

/** The panel of a recurrence: the activity log is below it. */
export function LateRecurrence(props: ComponentProps<typeof RecurrencePanel>) {
  return (
    <LatePart part={part} isAwaited>
      {(loaded) => <loaded.RecurrencePanel {...props} />}
    </LatePart>
  );
}
