'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import plan from '@/lib/messages/en/plan.json';
import run from '@/lib/messages/en/run.json';

const texts = { plan, run };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
