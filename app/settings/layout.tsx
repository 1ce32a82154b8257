'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import clock from '@/lib/messages/en/plan-clock.json';

const texts = { plan: clock };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
