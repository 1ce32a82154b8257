'use client';

import type { ComponentProps } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import errors from '@/lib/messages/en/diversion-error.json';
import blocks from '@/lib/messages/en/parts/diversion-blocks.json';
import plan from '@/lib/messages/en/plan.json';
import list from '@/lib/messages/en/plan-list.json';
import preflight from '@/lib/messages/en/preflight.json';
import check from '@/lib/messages/en/preflight-check.json';
import { BlocksPanel } from './blocks-panel';
import { FindingLines } from './finding-lines';
import { PlannedSteps, PlanProblems } from './planned-steps';

const texts = {
  diversion: { ...errors, ...blocks },
  plan: { ...plan, ...list },
  preflight: { ...preflight, ...check },
};

/* What the checks and the planner say, with their text, which is large: an empty draft shows none of it. */

export function LinesPart(props: ComponentProps<typeof FindingLines>) {
  return (
    <AddMessages texts={texts}>
      <FindingLines {...props} />
    </AddMessages>
  );
}

export function BlocksPart(props: ComponentProps<typeof BlocksPanel>) {
  return (
    <AddMessages texts={texts}>
      <BlocksPanel {...props} />
    </AddMessages>
  );
}

export function StepsPart(props: ComponentProps<typeof PlannedSteps>) {
  return (
    <AddMessages texts={texts}>
      <PlannedSteps {...props} />
    </AddMessages>
  );
}

export function ProblemsPart(props: ComponentProps<typeof PlanProblems>) {
  return (
    <AddMessages texts={texts}>
      <PlanProblems {...props} />
    </AddMessages>
  );
}
