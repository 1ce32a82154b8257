'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import accounts from '@/lib/messages/en/accounts.json';
import alerts from '@/lib/messages/en/alerts.json';
import approval from '@/lib/messages/en/approval.json';
import connections from '@/lib/messages/en/connections.json';
import safety from '@/lib/messages/en/safety.json';
import schedule from '@/lib/messages/en/schedule.json';
import security from '@/lib/messages/en/security.json';
import tokens from '@/lib/messages/en/tokens.json';
import vantage from '@/lib/messages/en/vantage.json';

const texts = { accounts, alerts, approval, connections, safety, schedule, security, tokens, vantage };

export default function MessagesLayout({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
