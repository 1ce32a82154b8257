'use client';

import { useTranslations } from 'next-intl';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { PageFrame } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { useHydrated } from '@/components/ui/use-hydrated';
import { CapacityWorkbench } from './capacity-workbench';
import type { MonitorDialogProps } from './monitor-dialog';

type CapacityScreenProps = {
  /** The event of the plan that the address names; null = it names none. */
  readonly event: OpenedEvent | null;
  readonly connections: MonitorDialogProps['connections'];
};

/** The Capacity page: an event as a simulation that follows its inputs. */
export function CapacityScreen(props: CapacityScreenProps) {
  // The simulation takes its scenarios from the browser, so only a browser renders it.
  const isBrowser = useHydrated();
  return <PageFrame>{isBrowser ? <CapacityWorkbench {...props} /> : <Loading />}</PageFrame>;
}

function Loading() {
  const t = useTranslations('capacity');
  return (
    <div className="grid gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <p className="sr-only">{t('loading')}</p>
      <Skeleton className="h-96" />
      <div className="grid content-start gap-4">
        <Skeleton className="h-24" />
        <Skeleton className="h-72" />
      </div>
    </div>
  );
}
