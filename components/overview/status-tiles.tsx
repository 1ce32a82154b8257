'use client';

import { Activity, CalendarClock, HeartPulse, OctagonPause, UserRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useEmergencyStop } from '@/components/shell/emergency-stop-provider';
import { signed } from '@/components/ui/base/signed';
import { classes } from '@/components/ui/classes';
import { formatCountdown } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { OverviewView } from '@/lib/contract/overview';

type Tone = 'quiet' | 'warn' | 'bad';

const looks: Readonly<Record<Tone, string>> = {
  quiet: 'border-line bg-surface',
  warn: 'border-warn-line bg-warn-soft',
  bad: 'border-bad-line bg-bad-soft',
};

type TileProps = {
  readonly icon: ReactNode;
  readonly name: string;
  readonly value: ReactNode;
  readonly detail: ReactNode;
  readonly tone?: Tone;
};

/** One large figure. */
function Tile({ icon, name, value, detail, tone = 'quiet' }: TileProps) {
  return (
    <div
      className={classes(
        'flex min-w-0 flex-col gap-0.5 rounded-lg border px-4 pt-2.5 pb-3 max-lg:last:odd:col-span-2 lg:max-xl:px-3',
        looks[tone],
      )}
    >
      <dt className="flex items-center gap-1.5 text-12 text-ink-2 [&_svg]:size-3.5 [&_svg]:shrink-0">
        {icon}
        {name}
      </dt>
      <dd className="min-w-0">
        <span className="block text-24 leading-tight font-semibold tracking-tight tabular-nums xl:text-32">
          {value}
        </span>
        <span className="line-clamp-2 text-12 text-ink-2">{detail}</span>
      </dd>
    </div>
  );
}

/** The overall state in five figures. */
export function StatusTiles({ overview }: { readonly overview: OverviewView }) {
  const t = useTranslations('overview.tile');
  return (
    <dl aria-label={t('label')} className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <NeedsTile needs={overview.needs} />
      <RunningTile running={overview.running} />
      <NextTile upcoming={overview.upcoming} />
      <TargetsTile health={overview.health} />
      <ChangesTile />
    </dl>
  );
}

function NeedsTile({ needs: { total, items, isUrgent, unread } }: Pick<OverviewView, 'needs'>) {
  const t = useTranslations('overview.tile');
  const first = items[0];
  const name = first === undefined ? null : 'name' in first ? first.name : null;
  const isUnknown = total === 0 && unread.length > 0;
  return (
    <Tile
      icon={<UserRound aria-hidden />}
      name={t('needs')}
      tone={isUrgent ? 'bad' : total > 0 || unread.length > 0 ? 'warn' : 'quiet'}
      value={isUnknown ? t('unknown') : total === 0 ? t('nothing') : total}
      detail={
        unread.length > 0
          ? t('needsUnread', { count: unread.length })
          : first?.kind === 'alert'
            ? first.alert.name
            : name
      }
    />
  );
}

function RunningTile({ running }: Pick<OverviewView, 'running'>) {
  const t = useTranslations('overview.tile');
  const phase = useTranslations('plan.phase');
  const [first] = running.value ?? [];
  return (
    <Tile
      icon={<Activity aria-hidden />}
      name={t('running')}
      tone={running.value === null ? 'warn' : 'quiet'}
      value={running.value?.length ?? t('unknown')}
      detail={
        first === undefined
          ? running.value === null
            ? t('unread')
            : t('runningNone')
          : first.phase === null
            ? first.name
            : `${first.name}: ${phase(first.phase.phase)}`
      }
    />
  );
}

function NextTile({ upcoming }: Pick<OverviewView, 'upcoming'>) {
  const t = useTranslations('overview.tile');
  const now = useNow(1000);
  const first = upcoming.value?.cutovers[0];
  const icon = <CalendarClock aria-hidden />;
  if (first === undefined)
    return (
      <Tile
        icon={icon}
        name={t('next')}
        tone={upcoming.value === null ? 'warn' : 'quiet'}
        value={upcoming.value === null ? t('unknown') : t('nextNone')}
        detail={t(upcoming.value === null ? 'unread' : 'nextNoneNote')}
      />
    );
  const { t0, zone } = first.cutover;
  return (
    <Tile
      icon={icon}
      name={t('next')}
      value={now === null ? <Time at={t0} zone={zone} /> : formatCountdown(Date.parse(t0) - now)}
      detail={
        <>
          <Time at={t0} zone={zone} /> {first.name}
        </>
      }
    />
  );
}

function TargetsTile({ health }: Pick<OverviewView, 'health'>) {
  const t = useTranslations('overview.tile');
  const counts = (health.value?.connections ?? []).map(({ targets }) => targets);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const alive = sum(counts.map((each) => each.alive));
  const dead = sum(counts.map((each) => each.dead));
  const isKnown = alive + dead > 0;
  return (
    <Tile
      icon={<HeartPulse aria-hidden />}
      name={t('targets')}
      tone={dead > 0 ? 'bad' : health.value === null ? 'warn' : 'quiet'}
      value={
        isKnown
          ? t.rich('targetsOf', {
              alive,
              checked: alive + dead,
              of: (text) => <span className="text-12 font-medium tracking-normal text-ink-2">{text}</span>,
            })
          : t('targetsNone')
      }
      detail={isKnown ? t('targetsNote', { dead }) : t(health.value === null ? 'unread' : 'targetsNoneNote')}
    />
  );
}

function ChangesTile() {
  const t = useTranslations('overview.tile');
  const emergencyStop = useEmergencyStop();
  const icon = <OctagonPause aria-hidden />;
  const stop = emergencyStop?.stop ?? null;
  if (stop === null && emergencyStop?.isKnown === false)
    return (
      <Tile icon={icon} name={t('changes')} tone="warn" value={t('unknown')} detail={t('changesUnread')} />
    );
  return stop === null ? (
    <Tile icon={icon} name={t('changes')} value={t('allowed')} detail={t('allowedNote')} />
  ) : (
    <Tile
      icon={icon}
      name={t('changes')}
      tone="warn"
      value={t('paused')}
      detail={t.rich('pausedNote', { reason: stop.reason, ...signed(stop.actor, stop.at) })}
    />
  );
}
