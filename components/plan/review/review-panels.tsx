'use client';

import { AddMessages } from '@/components/ui/base/add-messages';
import cost from '@/lib/messages/en/parts/plan-cost.json';
import panels from '@/lib/messages/en/parts/plan-panels.json';
import { CostForm, type CostFormProps } from './cost-form';
import { PlanFigures, type PlanFiguresProps } from './plan-figures';
import { PlanRoutes, type PlanRoutesProps } from './plan-routes';

/* The panels of a plan that are loaded apart, with their text. */

const texts = { plan: { ...cost, ...panels } };

export function FiguresPanel(props: PlanFiguresProps) {
  return (
    <AddMessages texts={texts}>
      <PlanFigures {...props} />
    </AddMessages>
  );
}

export function RoutesPanel(props: PlanRoutesProps) {
  return (
    <AddMessages texts={texts}>
      <PlanRoutes {...props} />
    </AddMessages>
  );
}

export function EventCostPanel(props: CostFormProps) {
  return (
    <AddMessages texts={texts}>
      <CostForm {...props} />
    </AddMessages>
  );
}
