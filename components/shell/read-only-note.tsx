import { Eye } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

/**
 * Explains above the content what small screens can't do.
 * @param props.children what they can do on this page; by default, stop and roll back
 */
export function ReadOnlyNote({ children }: { readonly children?: ReactNode }) {
  const t = useTranslations('shell');
  return (
    <p className="flex items-start gap-2 border-b border-line bg-surface px-3 py-2 text-12 text-ink-2 md:hidden">
      <Eye aria-hidden className="mt-px size-3.5 shrink-0" />
      {children ?? t('readOnly')}
    </p>
  );
}
