'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import approval from '@/lib/messages/en/plan-approval.json';
import steps from '@/lib/messages/en/plan-steps.json';
import state from '@/lib/messages/en/run-state.json';
import schedule from '@/lib/messages/en/schedule.json';

const texts = { plan: { ...steps, approval }, run: state, schedule };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
