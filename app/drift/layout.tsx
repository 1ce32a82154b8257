'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import drift from '@/lib/messages/en/drift.json';
import who from '@/lib/messages/en/history-who.json';
import plan from '@/lib/messages/en/plan-state.json';

const texts = { drift, history: who, plan };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
