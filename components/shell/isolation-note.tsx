'use client';

import { ShieldAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ConnectionView } from '@/lib/contract/connection';

type IsolationNoteProps = Pick<ConnectionView, 'isolation'>;

/** Shown if function code is not well isolated: what it can reach, and the consequences. */
export function IsolationNote({ isolation }: IsolationNoteProps) {
  if (isolation === null || isolation === 'jail') return null;
  return <Note isolation={isolation} />;
}

type NoteProps = { readonly isolation: Exclude<ConnectionView['isolation'], null | 'jail'> };

function Note({ isolation }: NoteProps) {
  const t = useTranslations('shell.isolation');
  return (
    <p className="flex gap-1.5 text-12 text-ink-2">
      <ShieldAlert aria-hidden className="mt-px size-3.5 shrink-0 text-warn-ink" />
      <span>{t(isolation)}</span>
    </p>
  );
}
