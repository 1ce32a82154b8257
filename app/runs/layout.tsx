'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/parts/diversions-commands.json';
import plan from '@/lib/messages/en/plan.json';
import facts from '@/lib/messages/en/plan-facts.json';
import list from '@/lib/messages/en/plan-list.json';
import planState from '@/lib/messages/en/plan-state.json';
import check from '@/lib/messages/en/preflight-check.json';
import run from '@/lib/messages/en/run.json';
import charts from '@/lib/messages/en/run-charts.json';
import measure from '@/lib/messages/en/run-measure.json';
import state from '@/lib/messages/en/run-state.json';

const texts = {
  diversions,
  plan: { ...plan, ...facts, ...list, ...planState },
  run: { ...run, ...charts, ...state, measure },
  preflight: check,
};

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
