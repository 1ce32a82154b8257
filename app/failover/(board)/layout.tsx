'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import run from '@/lib/messages/en/run-state.json';
import switches from '@/lib/messages/en/switch.json';

const texts = { run, switch: switches };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
