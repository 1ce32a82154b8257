'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EmergencyStopCard } from '@/components/shell/emergency-stop-card';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { useAddressState } from '@/components/shell/use-address-state';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { TextLink } from '@/components/ui/text-link';
import { Time, useViewerZone } from '@/components/ui/time';
import { useNarrow } from '@/components/ui/use-narrow';
import { useNow } from '@/components/ui/use-now';
import { ZoneSelect } from '@/components/ui/zone-select';
import { scheduleQuery } from '@/lib/client/page-queries';
import type { FreezeView, ScheduleView } from '@/lib/contract/schedule';
import { addDays } from '@/lib/diversion/wall-clock';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';
import { ComingUp } from './coming-up';
import { longDay } from './day-words';
import { FreezeText } from './freeze-text';
import { NightHead, NightPanel } from './night-panel';
import { getNight, listNights, weekStartAt } from './nights';
import { parseScheduleAddress, type ScheduleAddress, writeScheduleAddress } from './schedule-address';
import { ScheduleList } from './schedule-list';
import { SpanHead } from './span-head';
import { splitByTime } from './split-by-time';
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
  // A narrow screen has no room for the week view.
  const shown = isNarrow ? 'list' : at.view;
  const thisMonday = weekStartAt(now ?? Date.parse(view.now), zone);
  const monday = at.week ?? thisMonday;
  const nights = at.night === null ? listNights(monday, zone) : [getNight(at.night, zone)];
  const { coming, past } = splitByTime(view.cutovers);
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <div className="flex flex-wrap items-center gap-3">
          {shown === 'week' && at.night !== null ? (
            <NightHead date={at.night} onChange={(night) => change({ night })} />
          ) : shown === 'week' ? (
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
            {view.cutovers.length + view.upcoming.length === 0 ? <NothingYet /> : null}
            {shown === 'week' ? (
              <>
                <WeekView
                  {...{ view, nights, zone, now }}
                  onZoom={at.night === null ? (night) => change({ night }) : null}
                />
                {at.night === null
                  ? null
                  : nights.map((night) => <NightPanel key={night.date} {...{ view, night, zone }} />)}
              </>
            ) : view.cutovers.length + view.upcoming.length === 0 ? null : (
              <ScheduleList upcoming={view.upcoming} {...{ coming, past, zone }} />
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
        actions={<ButtonLink href={routes.diversions()}>{t('toDiversions')}</ButtonLink>}
      >
        {t('empty')}
      </EmptyState>
    </section>
  );
}

/** Objects that two open runs would change at the same time, with links to both runs. */
function ConflictBanners({ conflicts, cutovers }: Pick<ScheduleView, 'conflicts' | 'cutovers'>) {
  const t = useTranslations('schedule.conflict');
  if (conflicts.length === 0) return null;
  // A run that was applied at once can conflict, too, and is not on the schedule.
  const runName = (runId: RunId) => {
    const name = cutovers.find((cutover) => cutover.runId === runId)?.name;
    return name === undefined ? runId : `${name} (${runId})`;
  };
  const link = (runId: RunId) => <TextLink href={routes.run(runId)}>{runName(runId)}</TextLink>;
  return (
    <Banner tone="bad" title={t('title', { count: conflicts.length })}>
      {conflicts.map(({ runIds: [a, b], object }) => (
        <span key={`${a} ${b} ${object}`} className="block">
          {t.rich('text', { a: () => link(a), b: () => link(b), object })}
        </span>
      ))}
    </Banner>
  );
}

type FreezePanelProps = { readonly freezes: readonly FreezeView[]; readonly zone: string };

/** The freeze windows, read-only; they are changed in the settings. */
function FreezePanel({ freezes, zone }: FreezePanelProps) {
  const t = useTranslations('schedule.freezes');
  return (
    <Panel title={t('title')} footer={<TextLink href={routes.settings()}>{t('edit')}</TextLink>} flush>
      {freezes.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
      ) : (
        <ul>
          {freezes.map((freeze) => (
            <li key={freeze.id} className="border-t border-line px-4 py-2 first:border-t-0">
              <p className="font-semibold">{freeze.name}</p>
              <p className="text-12 text-ink-2">
                <FreezeText freeze={freeze} zone={zone} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

type WeekSwitchProps = {
  readonly monday: string;
  /** The Monday of the current week. */
  readonly thisMonday: string;
  readonly onChange: (monday: string) => void;
};

/** Shows the selected week and switches to others. */
function WeekSwitch({ monday, thisMonday, onChange }: WeekSwitchProps) {
  const t = useTranslations('schedule.week');
  return (
    <SpanHead
      title={t('range', { from: longDay(monday), to: longDay(addDays(monday, 7)) })}
      before={t('before')}
      after={t('after')}
      onMove={(by) => onChange(addDays(monday, by * 7))}
      about={t('about')}
    >
      <Button size="sm" disabled={monday === thisMonday} onClick={() => onChange(thisMonday)}>
        {t('this')}
      </Button>
    </SpanHead>
  );
}
