'use client';

import { Check, CircleSlash, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { formatCountdown, formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RampPart, RampState } from '@/lib/run/model/ramp';

const marks: Readonly<Partial<Record<RampState, { readonly icon: typeof Check; readonly look: string }>>> = {
  done: { icon: Check, look: 'text-ok' },
  failed: { icon: CircleX, look: 'text-bad' },
  cut: { icon: CircleSlash, look: 'text-ink-3' },
};

type RampProps = {
  readonly parts: readonly RampPart[];
  /** The share now; null = not known. */
  readonly functionShare: number | null;
  /** The time zone of its schedule; absent = the viewer's. */
  readonly zone?: string | undefined;
};

/** A diversion from its first preparation to the end of its rollback: the share now, and each share with its time. */
export function Ramp({ parts, functionShare, zone }: RampProps) {
  const t = useTranslations('plan.ramp');
  return (
    <section
      aria-label={t('label')}
      className="grid rounded-lg border border-line bg-surface lg:grid-cols-[280px_minmax(0,1fr)]"
    >
      {functionShare === null ? null : (
        <div className="grid content-start gap-2 border-line px-4 py-3 max-lg:border-b lg:border-r">
          <span className="text-12 text-ink-2">{t('now')}</span>
          <strong className="text-24 leading-7 font-semibold tabular-nums">
            {t('share', { percent: functionShare })}
          </strong>
          <ShareBar functionShare={functionShare} />
        </div>
      )}
      <ol
        className={classes(
          'flex min-w-0 gap-x-1 overflow-x-auto px-4 py-3 max-md:grid max-md:gap-y-1.5',
          functionShare === null && 'lg:col-span-2',
        )}
      >
        {parts.map((part) => (
          <Part
            key={`${part.direction} ${part.phase} ${part.wave} ${part.percent}`}
            part={part}
            zone={zone}
          />
        ))}
      </ol>
    </section>
  );
}

/** The intended shares of both sides: servers solid from the left, the function hatched from the right. */
export function ShareBar({ functionShare }: { readonly functionShare: number }) {
  const t = useTranslations('plan.ramp');
  const servers = 100 - functionShare;
  return (
    <div role="img" aria-label={t('both', { servers, function: functionShare })} className="grid gap-1">
      <div aria-hidden className="flex h-3 gap-0.5 overflow-hidden rounded-sm">
        <i className="bg-cvm" style={{ width: `${servers}%` }} />
        <i className="ml-auto bg-hatch-scf" style={{ width: `${functionShare}%` }} />
      </div>
      <div aria-hidden className="flex justify-between text-12 tabular-nums">
        <span className="inline-flex items-center gap-1">
          <KindMark kind="cvm" /> {t('servers')} <strong>{t('share', { percent: servers })}</strong>
        </span>
        <span className="inline-flex items-center gap-1">
          {t('function')} <strong>{t('share', { percent: functionShare })}</strong> <KindMark kind="scf" />
        </span>
      </div>
    </div>
  );
}

function Part({ part, zone }: { readonly part: RampPart; readonly zone: string | undefined }) {
  const t = useTranslations('plan');
  const { state, percent, wave } = part;
  const mark = marks[state];
  const isLive = state === 'live';
  const name =
    wave !== null
      ? t('ramp.wave', { number: wave })
      : percent !== null
        ? t('ramp.share', { percent })
        : t(`phase.${part.phase}`);
  return (
    <li
      aria-current={isLive ? 'step' : undefined}
      className={classes(
        'grid min-w-14 flex-1 content-start gap-1 max-md:grid-cols-[5rem_minmax(0,1fr)] max-md:items-center',
        part.untilAt !== null && 'flex-[1.9]',
      )}
    >
      <span
        className={classes(
          'truncate',
          isLive ? 'font-semibold text-scf-ink' : state === 'todo' ? 'text-ink-2' : 'font-medium',
        )}
      >
        {name}
      </span>
      <span
        aria-hidden
        className={classes(
          'relative block h-14 overflow-hidden rounded-sm border-t-2 max-md:hidden',
          state === 'todo' || state === 'cut' ? 'border-line-strong bg-sunken' : 'border-cvm bg-cvm-soft',
          state === 'failed' && 'border-bad bg-bad-soft',
          isLive && 'outline-2 outline-scf',
        )}
      >
        {percent === null ? null : (
          <i
            className={classes(
              'absolute inset-x-0 bottom-0',
              state === 'todo' || state === 'cut'
                ? 'border-t border-dashed border-scf bg-hatch-scf opacity-50'
                : 'bg-hatch-scf',
            )}
            style={{ height: `${percent}%` }}
          />
        )}
      </span>
      <span className="flex min-h-4 flex-wrap items-center gap-x-1 text-12 text-ink-2 tabular-nums">
        {mark === undefined ? null : <mark.icon aria-hidden className={classes('size-3.5', mark.look)} />}
        <span className="sr-only">{t(`ramp.state.${state}`)}</span>
        <PartTime part={part} zone={zone} />
      </span>
    </li>
  );
}

/** The actual or scheduled start of a part, or its end, with the time left until then. */
function PartTime({ part, zone }: { readonly part: RampPart; readonly zone: string | undefined }) {
  const t = useTranslations('plan.ramp');
  const now = useNow(1000);
  const at = part.startedAt ?? part.dueAt;
  const { untilAt } = part;
  if (untilAt !== null && part.state === 'live') {
    const leftMs = now === null ? 0 : Date.parse(untilAt) - now;
    return leftMs > 0 ? t('left', { time: formatCountdown(leftMs) }) : null;
  }
  if (at === null && untilAt === null)
    return part.state === 'todo' ? t('forecast', { duration: formatDuration(part.forecastMs) }) : null;
  return (
    <>
      {at === null ? null : <Time at={at} zone={zone} />}
      {untilAt === null ? null : (
        <span>{t.rich('until', { time: () => <Time at={untilAt} zone={zone} /> })}</span>
      )}
    </>
  );
}
