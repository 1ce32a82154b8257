'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import preflight from '@/lib/messages/en/preflight.json';
import rehearsal from '@/lib/messages/en/rehearsal.json';

const texts = { preflight, rehearsal };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
