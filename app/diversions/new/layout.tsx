'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion.json';
import switches from '@/lib/messages/en/switch.json';
import { planTexts } from '@/lib/messages/plan';
import { preflightTexts } from '@/lib/messages/preflight';
import { runTexts } from '@/lib/messages/run';

const texts = { diversion, plan: planTexts, preflight: preflightTexts, run: runTexts, switch: switches };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
