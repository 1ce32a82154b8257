'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import { diversionsTexts } from '@/lib/messages/diversions';
import { planTexts } from '@/lib/messages/plan';
import { runTexts } from '@/lib/messages/run';

const texts = { diversions: diversionsTexts, plan: planTexts, run: runTexts };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
