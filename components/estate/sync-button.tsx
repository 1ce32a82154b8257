'use client';

import { RefreshCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { formatAge } from '@/components/ui/format-time';
import { useNow } from '@/components/ui/use-now';
import type { SyncView } from '@/lib/client/views';

type SyncButtonProps = {
  readonly sync: SyncView;
  /** The time of the snapshot on screen; null = none yet. */
  readonly takenAt: string | null;
  /** True while the request to start is awaiting its response. */
  readonly starting: boolean;
  readonly onRefresh: () => void;
};

/** Starts a sync, and shows the age of the estate or the progress of the sync. */
export function SyncButton({ sync, takenAt, starting, onRefresh }: SyncButtonProps) {
  const t = useTranslations('estate');
  const now = useNow(1000);
  const running = starting || sync.state === 'running';
  const progress = sync.state === 'running' ? sync.progress : null;
  const age = takenAt !== null && now !== null ? formatAge(now - Date.parse(takenAt)) : null;
  return (
    <div className="flex items-center gap-2">
      <span className="text-12 whitespace-nowrap text-ink-2 tabular-nums max-xl:hidden">
        {running
          ? progress === null
            ? t('reading')
            : t('readingPart', { done: progress.done, total: progress.total })
          : age === null
            ? null
            : t('syncedAgo', { age })}
      </span>
      <Button
        variant="ghost"
        icon={<RefreshCw aria-hidden />}
        busy={running}
        onClick={onRefresh}
        className="max-md:hidden"
      >
        {t('refresh')}
      </Button>
    </div>
  );
}
