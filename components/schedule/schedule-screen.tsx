'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EmergencyStopCard } from '@/components/shell/emergency-stop-card';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { useAddressState } from '@/components/shell/use-address-state';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Segmented } from '@/components/ui/segmented';
import { Time, useViewerZone } from '@/components/ui/time';
import { useNarrow } from '@/components/ui/use-narrow';
import { useNow } from '@/components/ui/use-now';
import { ZoneSelect } from '@/components/ui/zone-select';
import { scheduleQuery } from '@/lib/client/queries';
import type { ScheduleView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { ComingUp } from './coming-up';
import { ConflictBanners } from './conflict-banners';
import { CutoverTable } from './cutover-table';
import { FreezePanel } from './freeze-panel';
import { weekStartAt } from './nights';
import { parseScheduleAddress, type ScheduleAddress, writeScheduleAddress } from './schedule-address';
import { splitByTime } from './standing';
import { WeekSwitch } from './week-switch';
import { WeekView } from './week-view';

/** The Schedule page: scheduled cutovers, as a week by nights or as a list. */
export function ScheduleScreen({ initial }: { readonly initial: ScheduleView }) {
  const t = useTranslations('schedule');
  const { data: view, isRefetchError } = useQuery({ ...scheduleQuery(), initialData: initial });
  const viewerZone = useViewerZone();
  const [at, change] = useAddressState(parseScheduleAddress, writeScheduleAddress, 'push');
  const now = useNow(10_000);
  const isNarrow = useNarrow();
  const zone = at.zone ?? viewerZone;
  // A narrow screen has no room for a week by nights.
  const shown = isNarrow ? 'list' : at.view;
  const thisMonday = weekStartAt(now ?? Date.parse(view.now), zone);
  const monday = at.week ?? thisMonday;
  const { coming, past } = splitByTime(view.cutovers);
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <div className="flex flex-wrap items-center gap-3">
          {shown === 'week' ? (
            <WeekSwitch
              monday={monday}
              thisMonday={thisMonday}
              onChange={(week) => change({ week: week === thisMonday ? null : week })}
            />
          ) : null}
          <span className="ml-auto flex items-center gap-2 max-md:ml-0">
            <ZoneSelect
              aria-label={t('zone')}
              value={zone}
              onChange={(chosen) => change({ zone: chosen === viewerZone ? null : chosen })}
              className="w-56"
            />
            <span className="max-md:hidden">
              <Segmented<ScheduleAddress['view']>
                label={t('view.label')}
                value={shown}
                onChange={(chosen) => change({ view: chosen })}
                options={[
                  { value: 'week', label: t('view.week') },
                  { value: 'list', label: t('view.list') },
                ]}
              />
            </span>
          </span>
        </div>
        {isRefetchError ? (
          <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={view.now} /> })} />
        ) : null}
        <ConflictBanners conflicts={view.conflicts} cutovers={view.cutovers} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid min-w-0 gap-4">
            {view.cutovers.length === 0 ? <NothingYet /> : null}
            {shown === 'week' ? (
              <WeekView {...{ view, monday, zone, now }} />
            ) : view.cutovers.length === 0 ? null : (
              <>
                <CutoverTable
                  title={t('list.coming')}
                  cutovers={coming}
                  zone={zone}
                  none={t('list.noComing')}
                />
                {past.length === 0 ? null : (
                  <CutoverTable title={t('list.past')} cutovers={past} zone={zone} none="" />
                )}
              </>
            )}
          </div>
          <div className="grid min-w-0 items-start gap-4 lg:max-xl:grid-cols-3">
            {isNarrow ? null : <ComingUp cutovers={coming} zone={zone} />}
            <FreezePanel freezes={view.freezes} zone={zone} />
            <EmergencyStopCard />
          </div>
        </div>
      </PageFrame>
    </>
  );
}

function NothingYet() {
  const t = useTranslations('schedule');
  return (
    <section className="rounded-lg border border-line bg-surface">
      <EmptyState
        icon={<CalendarClock aria-hidden />}
        title={t('emptyTitle')}
        actions={<ButtonLink href={routes.plans()}>{t('toPlans')}</ButtonLink>}
      >
        {t('empty')}
      </EmptyState>
    </section>
  );
}
