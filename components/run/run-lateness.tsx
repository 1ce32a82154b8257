import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';

/** How long after T0 the first call of the divert was sent; nothing before that, and without a clock. */
export function RunLateness({ latenessMs }: { readonly latenessMs: number | null }) {
  const t = useTranslations('run.clock');
  if (latenessMs === null) return null;
  return <span>{t('lateness', { duration: formatDuration(Math.max(0, latenessMs)) })}</span>;
}
