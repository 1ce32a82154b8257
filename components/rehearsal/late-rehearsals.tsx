'use client';

import { BrowserPart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { RehearsalsPanelProps } from './rehearsals-panel';

const panel = onDemand(() => import('./rehearsals-panel'));

/** The rehearsals of a plan; their code is loaded apart from the page. */
export function LateRehearsals(props: RehearsalsPanelProps) {
  return (
    <BrowserPart part={panel} loading={null}>
      {({ RehearsalsPanel }) => <RehearsalsPanel {...props} />}
    </BrowserPart>
  );
}
