'use client';

import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import type { CostFormProps } from './cost-form';
import type { PlanFiguresProps } from './plan-figures';
import type { PlanRoutesProps } from './plan-routes';
import type { RequestsPanelProps } from './requests-panel';

/*
 * Panels of a plan whose code is loaded apart. The server renders them, and passes only their data to the browser: the
 * elements of a server component would be part of the page a second time.
 */

const panels = onDemand(() => import('./review-panels'));
const requests = onDemand(() => import('./requests-panel'));

export function LateRequests(props: RequestsPanelProps) {
  return (
    <LatePart part={requests} isAwaited>
      {({ RequestsPanel }) => <RequestsPanel {...props} />}
    </LatePart>
  );
}

export function LateFigures(props: PlanFiguresProps) {
  return (
    <LatePart part={panels} isAwaited>
      {({ FiguresPanel }) => <FiguresPanel {...props} />}
    </LatePart>
  );
}

export function LateRoutes(props: PlanRoutesProps) {
  return (
    <LatePart part={panels} isAwaited>
      {({ RoutesPanel }) => <RoutesPanel {...props} />}
    </LatePart>
  );
}

export function LateCostForm(props: CostFormProps) {
  return (
    <LatePart part={panels} isAwaited>
      {({ EventCostPanel }) => <EventCostPanel {...props} />}
    </LatePart>
  );
}
