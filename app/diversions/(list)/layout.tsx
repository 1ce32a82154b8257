'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import plan from '@/lib/messages/en/plan-list.json';

const texts = { diversions, plan };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
