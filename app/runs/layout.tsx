'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import plan from '@/lib/messages/en/plan.json';
import clock from '@/lib/messages/en/plan-clock.json';
import facts from '@/lib/messages/en/plan-facts.json';
import check from '@/lib/messages/en/preflight-check.json';
import run from '@/lib/messages/en/run.json';
import charts from '@/lib/messages/en/run-charts.json';
import commands from '@/lib/messages/en/run-commands.json';
import held from '@/lib/messages/en/run-held.json';

const texts = {
  diversions,
  plan: { ...plan, ...clock, ...facts },
  run: { ...run, ...charts, ...commands, ...held },
  preflight: check,
};

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
