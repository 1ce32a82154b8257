import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';

/** The delay between T0 and the first call of the divert; renders nothing before that, or for an unscheduled run. */
export function RunLateness({ latenessMs }: { readonly latenessMs: number | null }) {
  const t = useTranslations('run.clock');
  if (latenessMs === null) return null;
  return <span>{t('lateness', { duration: formatDuration(Math.max(0, latenessMs)) })}</span>;
}
