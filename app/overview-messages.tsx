'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import overview from '@/lib/messages/en/overview.json';
import preflight from '@/lib/messages/en/preflight.json';

const texts = { overview, preflight };

/** Adds the text of the Overview page, which has no segment of its own. */
export function OverviewMessages({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
