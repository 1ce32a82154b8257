'use client';

import { useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { formatAge } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import { useMay } from '@/lib/client/session/rights';
import type { SyncView } from '@/lib/contract/connection';
import type { EstateSummary } from '@/lib/estate/topology/summarize-estate';

/** The age from which a notice warns of stale data. */
const staleAfterMs = 15 * 60_000;

type EstateNoticesProps = {
  /** The account's name. */
  readonly name: string;
  readonly estate: Pick<EstateSummary, 'takenAt' | 'gaps'>;
  readonly sync: SyncView;
  /** The reason why the last Refresh or live read failed; null = it succeeded. */
  readonly problem: string | null;
  readonly onRefresh: () => void;
};

/** Problems with the displayed data, worst first; the estate itself stays visible. */
export function EstateNotices({ name, estate, sync, problem, onRefresh }: EstateNoticesProps) {
  const t = useTranslations('estate');
  const now = useNow(10_000);
  const age = now === null ? 0 : now - Date.parse(estate.takenAt);
  const again = useMay('operate') ? (
    <Button size="sm" onClick={onRefresh} className="max-md:hidden">
      {t('refreshNow')}
    </Button>
  ) : null;
  const notices = [
    sync.state === 'failed' ? (
      <Banner key="failed" tone="bad" title={t('syncFailed', { name })} actions={again}>
        <CloudErrorText error={sync.error} />{' '}
        {t.rich('syncFailedStill', { time: () => <Time at={estate.takenAt} /> })}
      </Banner>
    ) : null,
    problem === null ? null : (
      <Banner key="problem" tone="bad" title={problem}>
        {t.rich('syncFailedStill', { time: () => <Time at={estate.takenAt} /> })}
      </Banner>
    ),
    estate.gaps.length > 0 ? (
      <Banner key="gaps" tone="warn" title={t('gaps', { count: estate.gaps.length })} actions={again}>
        {t('gapsNote')}{' '}
        {estate.gaps.map((gap) => (
          <span key={gap.part} className="mr-3">
            <strong className="font-medium text-ink">{gap.part}</strong>: {gap.reason}
          </span>
        ))}
      </Banner>
    ) : null,
    sync.state !== 'running' && age > staleAfterMs ? (
      <Banner key="stale" tone="warn" title={t('stale', { age: formatAge(age) })} actions={again}>
        {t('staleNote')}
      </Banner>
    ) : null,
  ].filter((notice) => notice !== null);
  return notices.length === 0 ? null : <div className="grid gap-2 px-3 pt-3 md:px-4">{notices}</div>;
}
