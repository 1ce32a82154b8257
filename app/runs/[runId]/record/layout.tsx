'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversions from '@/lib/messages/en/diversions-activity.json';
import plan from '@/lib/messages/en/plan.json';

const texts = { diversions, plan };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
