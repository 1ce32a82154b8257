'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import problem from '@/lib/messages/en/parts/run-problem.json';
import plan from '@/lib/messages/en/plan-list.json';
import check from '@/lib/messages/en/preflight-check.json';
import run from '@/lib/messages/en/run-state.json';
import schedule from '@/lib/messages/en/schedule.json';
import freezes from '@/lib/messages/en/settings/schedule-freezes.json';

const texts = { plan, preflight: check, run: { ...run, ...problem }, schedule: { ...schedule, ...freezes } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
