'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import drift from '@/lib/messages/en/drift.json';
import estate from '@/lib/messages/en/estate.json';
import history from '@/lib/messages/en/history.json';
import plan from '@/lib/messages/en/plan.json';

const texts = { drift, estate, history, plan };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
