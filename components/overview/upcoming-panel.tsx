import { useTranslations } from 'next-intl';
import { ApprovalChip } from '@/components/plan/review/approval-chip';
import { Status } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { OverviewView } from '@/lib/contract/overview';
import { routes } from '@/lib/routes';
import { Part } from './part';

/** The next cutovers, each with its T0; nothing without any. */
export function UpcomingPanel({ upcoming }: Pick<OverviewView, 'upcoming'>) {
  const t = useTranslations('overview.upcoming');
  if (upcoming.value?.cutovers.length === 0) return null;
  return (
    <Part
      title={t('title')}
      part={upcoming}
      aside={({ cutovers, total }) => (
        <TextLink href={routes.schedule()}>{t('schedule', { more: total - cutovers.length })}</TextLink>
      )}
    >
      {({ cutovers }) => (
        <ol className="divide-y divide-line">
          {cutovers.map(({ name, runId, approvals, problems, cutover: { t0, zone } }) => (
            <li key={runId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
              <span className="text-ink-2">
                <Time at={t0} zone={zone} hasDay />
              </span>
              <TextLink href={routes.run(runId)} className="text-14">
                {name}
              </TextLink>
              <span className="ml-auto flex flex-wrap gap-2">
                <ApprovalChip short count={approvals} />
                {problems === 0 ? null : <Status tone="bad">{t('problems', { count: problems })}</Status>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}
