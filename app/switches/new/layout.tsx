'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion.json';
import plan from '@/lib/messages/en/plan.json';
import list from '@/lib/messages/en/plan-list.json';
import preflight from '@/lib/messages/en/preflight.json';

const texts = { diversion, plan: { ...plan, ...list }, preflight };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
