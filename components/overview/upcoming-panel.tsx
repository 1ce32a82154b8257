'use client';

import { useTranslations } from 'next-intl';
import { ApprovalChip } from '@/components/plan/review/approval-chip';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { Status } from '@/components/ui/chip';
import { formatCountdown } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { OverviewView, UpcomingView } from '@/lib/contract/overview';
import { routes } from '@/lib/routes';
import { Part } from './part';

/** The next cutovers, each with the time to its T0. */
export function UpcomingPanel({ upcoming }: Pick<OverviewView, 'upcoming'>) {
  const t = useTranslations('overview.upcoming');
  return (
    <Part title={t('title')} part={upcoming}>
      {({ cutovers, total }) =>
        cutovers.length === 0 ? (
          <p className="px-4 py-3 text-ink-2">{t('none')}</p>
        ) : (
          <>
            <UpcomingRows cutovers={cutovers} />
            {total > cutovers.length ? (
              <p className="border-t border-line px-4 py-2 text-12 text-ink-2">
                {t.rich('more', {
                  count: total - cutovers.length,
                  link: (words) => <TextLink href={routes.schedule()}>{words}</TextLink>,
                })}
              </p>
            ) : null}
          </>
        )
      }
    </Part>
  );
}

/** The next cutovers with their text: most of the time there are none. */
function UpcomingRows({ cutovers }: { readonly cutovers: readonly UpcomingView[] }) {
  return (
    <ol className="divide-y divide-line">
      {cutovers.map((cutover) => (
        <UpcomingRow key={cutover.runId} upcoming={cutover} />
      ))}
    </ol>
  );
}

function UpcomingRow({ upcoming }: { readonly upcoming: UpcomingView }) {
  const t = useTranslations('overview.upcoming');
  const now = useNow(1000);
  const { name, runId, planId, connectionName, state, approvals, problems, cutover } = upcoming;
  const { t0, t1, zone } = cutover;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="min-w-28 text-20 font-semibold tracking-tight tabular-nums">
        {now === null ? null : formatCountdown(Date.parse(t0) - now)}
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          <TextLink href={routes.run(runId)} className="text-14">
            {name}
          </TextLink>
          <RunStateMark state={state} hasOutage={false} />
          <ApprovalChip short count={approvals} />
        </div>
        <p className="text-12 text-ink-2">
          {t.rich('t0', { time: () => <Time at={t0} zone={zone} /> })},{' '}
          {t1 === null ? t('stays') : t.rich('t1', { time: () => <Time at={t1} zone={zone} /> })} ·{' '}
          {connectionName} ·{' '}
          <TextLink href={routes.capacity(planId)} prefetch={false}>
            {t('capacity')}
          </TextLink>
        </p>
        {problems === 0 ? null : <Status tone="bad">{t('problems', { count: problems })}</Status>}
      </div>
    </li>
  );
}
