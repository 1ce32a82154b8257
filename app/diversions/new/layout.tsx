'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion.json';
import plan from '@/lib/messages/en/plan.json';
import preflight from '@/lib/messages/en/preflight.json';
import check from '@/lib/messages/en/preflight-check.json';
import switches from '@/lib/messages/en/switch.json';

const texts = { diversion, plan, preflight: { ...preflight, ...check }, switch: switches };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
