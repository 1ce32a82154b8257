'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import functions from '@/lib/messages/en/functions.json';

const texts = { functions };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
