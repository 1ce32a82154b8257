'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import overview from '@/lib/messages/en/overview.json';
import plan from '@/lib/messages/en/plan.json';
import list from '@/lib/messages/en/plan-list.json';
import state from '@/lib/messages/en/run-state.json';

const texts = { diversions, overview, plan: { ...plan, ...list }, run: state };

/** Adds the text of the Overview page, which has no segment of its own. */
export function OverviewMessages({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
