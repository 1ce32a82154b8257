'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import plan from '@/lib/messages/en/plan.json';
import clock from '@/lib/messages/en/plan-clock.json';
import preflight from '@/lib/messages/en/preflight.json';
import check from '@/lib/messages/en/preflight-check.json';
import run from '@/lib/messages/en/run.json';
import switches from '@/lib/messages/en/switch.json';

const texts = { plan: { ...plan, ...clock }, preflight: { ...preflight, ...check }, run, switch: switches };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
