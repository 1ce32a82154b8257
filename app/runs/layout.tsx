'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversions from '@/lib/messages/en/parts/diversions-commands.json';
import wave from '@/lib/messages/en/parts/plan-wave.json';
import run from '@/lib/messages/en/run.json';
import measure from '@/lib/messages/en/run-measure.json';
import state from '@/lib/messages/en/run-state.json';

const texts = { diversions, plan: wave, run: { ...run, ...state, measure } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
