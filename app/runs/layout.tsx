'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import plan from '@/lib/messages/en/plan.json';
import facts from '@/lib/messages/en/plan-facts.json';
import list from '@/lib/messages/en/plan-list.json';
import check from '@/lib/messages/en/preflight-check.json';
import run from '@/lib/messages/en/run.json';
import charts from '@/lib/messages/en/run-charts.json';
import state from '@/lib/messages/en/run-state.json';

const texts = {
  diversions,
  plan: { ...plan, ...facts, ...list },
  run: { ...run, ...charts, ...state },
  preflight: check,
};

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
