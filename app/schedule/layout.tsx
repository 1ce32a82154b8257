'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import preflight from '@/lib/messages/en/preflight.json';
import schedule from '@/lib/messages/en/schedule.json';

const texts = { preflight, schedule };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
