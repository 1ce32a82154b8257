'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import drift from '@/lib/messages/en/drift.json';
import estate from '@/lib/messages/en/estate.json';
import history from '@/lib/messages/en/history.json';

const texts = { drift, estate, history };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
