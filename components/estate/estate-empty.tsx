'use client';

import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { useMay } from '@/lib/client/session/rights';
import type { SyncView } from '@/lib/contract/connection';

type EstateEmptyProps = {
  /** The account's name. */
  readonly name: string;
  readonly sync: SyncView;
  readonly starting: boolean;
  readonly problem: string | null;
  readonly onRefresh: () => void;
};

/** Shown in place of the estate until a first sync succeeds: not started, in progress, or failed. */
export function EstateEmpty({ name, sync, starting, problem, onRefresh }: EstateEmptyProps) {
  const t = useTranslations('estate');
  const maySync = useMay('operate');
  if (starting || sync.state === 'running') return <FirstReading sync={sync} />;
  if (sync.state === 'failed' || problem !== null) {
    return (
      <div role="alert">
        <EmptyState
          icon={<CloudOff aria-hidden />}
          title={t('neverRead.failed', { name })}
          actions={
            maySync ? (
              <Button variant="primary" onClick={onRefresh}>
                {t('tryAgain')}
              </Button>
            ) : null
          }
        >
          {sync.state === 'failed' ? <CloudErrorText error={sync.error} /> : problem}
        </EmptyState>
      </div>
    );
  }
  return (
    <EmptyState
      icon={<Plug aria-hidden />}
      title={t('neverRead.title')}
      actions={
        maySync ? (
          <Button variant="primary" onClick={onRefresh}>
            {t('neverRead.action')}
          </Button>
        ) : null
      }
    >
      {t('neverRead.text')}
    </EmptyState>
  );
}

const ghosts = ['h-14 w-46', 'h-16 w-41', 'h-11 w-19', 'h-11 w-37', 'h-14 w-62'];

function FirstReading({ sync }: { readonly sync: SyncView }) {
  const t = useTranslations('estate');
  const progress = sync.state === 'running' ? sync.progress : null;
  return (
    <div className="min-h-100 flex-1 bg-dots p-4">
      <p className="text-12 text-ink-2 tabular-nums">
        {progress === null
          ? t('syncing')
          : t('syncingFirst', { done: progress.done, total: progress.total, calls: progress.calls })}
      </p>
      {[0, 1, 2].map((row) => (
        <div key={row} className="mt-5 flex max-w-250 items-center justify-between gap-4 overflow-hidden">
          {ghosts.map((ghost) => (
            <Skeleton key={ghost} className={ghost} />
          ))}
        </div>
      ))}
    </div>
  );
}
