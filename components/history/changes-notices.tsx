'use client';

import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { Time } from '@/components/ui/time';
import type { EstateChangesView } from '@/lib/client/views';
import type { ChangesState } from './changes-state';

type ChangesNoticesProps = {
  readonly view: EstateChangesView;
  readonly state: ChangesState;
  /** True if the last live read failed. */
  readonly isStale: boolean;
};

/** Reasons why the list may not be complete. */
export function ChangesNotices({ view, state, isStale }: ChangesNoticesProps) {
  const t = useTranslations('history');
  const { from, to, total, changes } = view;
  const parts = new Map([...from.unread, ...to.unread].map((gap) => [gap.part, gap]));
  const begins = state.from !== null && state.from < from.firstAt;
  const notices = [
    isStale ? <Banner key="stale" tone="bad" title={t('failed')} /> : null,
    begins ? (
      <Banner
        key="begins"
        title={t.rich('begins', { time: () => <Time at={from.firstAt} zone={state.zone ?? undefined} /> })}
      />
    ) : null,
    parts.size > 0 ? (
      <Banner key="unread" tone="warn" title={t('unread', { count: parts.size })}>
        {t('unreadNote')} <span className="mono">{[...parts.keys()].join(', ')}</span>
      </Banner>
    ) : null,
    total > changes.length ? (
      <Banner key="cut" tone="warn" title={t('cut', { count: changes.length, total })} />
    ) : null,
  ].filter((notice) => notice !== null);
  return notices.length === 0 ? null : <div className="grid gap-2">{notices}</div>;
}
