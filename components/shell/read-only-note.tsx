import { Eye } from 'lucide-react';
import { useTranslations } from 'next-intl';

/** Explains above the content that small screens can only stop and roll back. */
export function ReadOnlyNote() {
  const t = useTranslations('shell');
  return (
    <p className="flex items-start gap-2 border-b border-line bg-surface px-3 py-2 text-12 text-ink-2 md:hidden">
      <Eye aria-hidden className="mt-px size-3.5 shrink-0" />
      {t('readOnly')}
    </p>
  );
}
