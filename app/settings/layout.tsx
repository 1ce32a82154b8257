'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import session from '@/lib/messages/en/parts/session.json';
import clock from '@/lib/messages/en/plan-clock.json';
import measure from '@/lib/messages/en/run-measure.json';
import schedule from '@/lib/messages/en/settings/schedule-freezes.json';
import settings from '@/lib/messages/en/settings.json';

const texts = { plan: clock, run: { measure }, schedule, session, settings };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
