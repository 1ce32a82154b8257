'use client';

import type { ReactNode } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import measure from '@/lib/messages/en/run-measure.json';
import shell from '@/lib/messages/en/shell-notice.json';

const texts = { run: { measure }, shell };

/** Adds the text of notices that the frame shows only if something is wrong, paused or outdated. */
export function NoticeTexts({ children }: { readonly children: ReactNode }) {
  return <AddMessages texts={texts}>{children}</AddMessages>;
}
