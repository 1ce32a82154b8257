'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import schedule from '@/lib/messages/en/schedule.json';
import settings from '@/lib/messages/en/settings.json';
import { planTexts } from '@/lib/messages/plan';
import { runTexts } from '@/lib/messages/run';

const texts = { plan: planTexts, run: runTexts, schedule, settings };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
