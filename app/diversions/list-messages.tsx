'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion.json';
import switches from '@/lib/messages/en/switch.json';

const texts = { diversion: { error: diversion.error }, switch: { error: switches.error } };

/** Adds the text with which a file is refused on the list of diversions. */
export function ListMessages({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
