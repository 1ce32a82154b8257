'use client';

import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';
import { useNow } from '@/components/ui/use-now';

type RunElapsedProps = { readonly startedAt: string | null; readonly endedAt: string | null };

/** The duration of a run, so far or in total. */
export function RunElapsed({ startedAt, endedAt }: RunElapsedProps) {
  const t = useTranslations('run');
  const now = useNow(1000);
  if (startedAt === null) return null;
  const end = endedAt === null ? now : Date.parse(endedAt);
  if (end === null) return null;
  const duration = formatDuration(Math.max(0, end - Date.parse(startedAt)));
  return (
    <span className="tabular-nums">
      {endedAt === null ? t('elapsed', { duration }) : t('took', { duration })}
    </span>
  );
}
