'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import apply from '@/lib/messages/en/plan-apply.json';
import check from '@/lib/messages/en/preflight-check.json';
import state from '@/lib/messages/en/run-state.json';
import switches from '@/lib/messages/en/switch.json';

const texts = { plan: { apply }, preflight: { check }, run: state, switch: switches };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
