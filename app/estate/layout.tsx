'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import estate from '@/lib/messages/en/estate.json';
import moment from '@/lib/messages/en/history-moment.json';

const texts = { estate, history: moment };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
