'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversions from '@/lib/messages/en/diversions.json';
import importing from '@/lib/messages/en/plan-import.json';

const texts = { diversions, plan: { import: importing } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
