'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import history from '@/lib/messages/en/history.json';
import moment from '@/lib/messages/en/history-moment.json';
import who from '@/lib/messages/en/history-who.json';

const texts = { history: { ...history, ...moment, ...who } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
