'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import overview from '@/lib/messages/en/overview.json';
import approval from '@/lib/messages/en/plan-approval.json';
import steps from '@/lib/messages/en/plan-steps.json';
import state from '@/lib/messages/en/run-state.json';

const texts = { diversions, overview, plan: { ...steps, approval }, run: state };

/** Adds the text of the Overview page, which has no segment of its own. */
export function OverviewMessages({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
