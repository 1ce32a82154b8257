'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion.json';
import diversions from '@/lib/messages/en/diversions.json';
import plan from '@/lib/messages/en/plan.json';
import preflight from '@/lib/messages/en/preflight.json';
import run from '@/lib/messages/en/run.json';

const texts = { diversions, plan, preflight, run, diversion };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
