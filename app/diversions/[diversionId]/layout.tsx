'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversions from '@/lib/messages/en/diversions.json';
import activity from '@/lib/messages/en/diversions-activity.json';
import attention from '@/lib/messages/en/parts/diversions-attention.json';
import commands from '@/lib/messages/en/parts/diversions-commands.json';
import plan from '@/lib/messages/en/plan.json';
import list from '@/lib/messages/en/plan-list.json';

const texts = {
  diversions: { ...diversions, ...activity, ...attention, ...commands },
  plan: { ...plan, ...list },
};

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
