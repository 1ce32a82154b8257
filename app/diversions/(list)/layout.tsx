'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversions from '@/lib/messages/en/diversions.json';
import attention from '@/lib/messages/en/parts/diversions-attention.json';
import importing from '@/lib/messages/en/parts/plan-import.json';
import list from '@/lib/messages/en/plan-list.json';

const texts = { diversions: { ...diversions, ...attention }, plan: { ...list, ...importing } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
