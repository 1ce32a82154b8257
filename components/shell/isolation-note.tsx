import { ShieldAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ConnectionView } from '@/lib/client/views';

/** Shown if function code is not well isolated: what it can reach, and the consequences. */
export function IsolationNote({ isolation }: Pick<ConnectionView, 'isolation'>) {
  const t = useTranslations('shell.isolation');
  if (isolation === null || isolation === 'jail') return null;
  return (
    <p className="flex gap-1.5 text-12 text-ink-2">
      <ShieldAlert aria-hidden className="mt-px size-3.5 shrink-0 text-warn-ink" />
      <span>{t(isolation)}</span>
    </p>
  );
}
