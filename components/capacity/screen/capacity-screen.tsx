'use client';

import { useTranslations } from 'next-intl';
import { BrowserPart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { PageFrame } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';

/** The model, its schema and the charts are large, and compute only in a browser. */
const workbench = onDemand(() => import('./capacity-workbench'));

/** The Capacity page: an event as a simulation that follows its inputs. */
export function CapacityScreen() {
  return (
    <PageFrame>
      <BrowserPart part={workbench} loading={<Loading />}>
        {({ CapacityWorkbench }) => <CapacityWorkbench />}
      </BrowserPart>
    </PageFrame>
  );
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
