'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversion from '@/lib/messages/en/diversion.json';
import addSwitch from '@/lib/messages/en/parts/diversion-switch.json';

const texts = { diversion: { ...diversion, ...addSwitch } };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
