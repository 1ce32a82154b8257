'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversions from '@/lib/messages/en/parts/diversions-commands.json';
import actions from '@/lib/messages/en/parts/plan-actions.json';
import approval from '@/lib/messages/en/parts/plan-approval.json';
import wave from '@/lib/messages/en/parts/plan-wave.json';
import plan from '@/lib/messages/en/plan.json';
import list from '@/lib/messages/en/plan-list.json';
import state from '@/lib/messages/en/plan-state.json';

const texts = { diversions, plan: { ...plan, ...actions, ...approval, ...list, ...state, ...wave } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
