'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import activity from '@/lib/messages/en/diversions-activity.json';
import repeat from '@/lib/messages/en/diversions-repeat.json';
import commands from '@/lib/messages/en/parts/diversions-commands.json';
import plan from '@/lib/messages/en/plan.json';

const texts = { diversions: { ...activity, ...commands, ...repeat }, plan };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
