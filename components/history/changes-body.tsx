'use client';

import { History, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { EstateChangesView } from '@/lib/client/views';
import { ChangesList } from './changes-list';
import { ChangesNotices } from './changes-notices';
import type { ChangesState } from './changes-state';
import { findChanges } from './find-changes';

type ChangesBodyProps = {
  readonly view: EstateChangesView;
  readonly connectionId: string;
  readonly state: ChangesState;
  readonly onChange: (part: Partial<ChangesState>) => void;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

/** The changes between the two moments. */
export function ChangesBody({ view, connectionId, state, onChange, isStale }: ChangesBodyProps) {
  const t = useTranslations('history');
  const shown = useMemo(() => findChanges(view.changes, state), [view, state]);
  const time = (at: string) => <Time at={at} zone={state.zone ?? undefined} />;
  return (
    <>
      <ChangesNotices view={view} state={state} isStale={isStale} />
      {shown.length > 0 ? (
        <ChangesList changes={shown} connectionId={connectionId} zone={state.zone} />
      ) : (
        <Panel>
          {view.total === 0 || state.search === '' ? (
            <EmptyState icon={<History aria-hidden />} title={t('nothing')}>
              {t.rich('nothingText', {
                from: () => time(view.from.lastAt),
                to: () => time(view.to.lastAt),
              })}
            </EmptyState>
          ) : (
            <EmptyState
              icon={<SearchX aria-hidden />}
              title={t('nothingMatches')}
              actions={<Button onClick={() => onChange({ search: '' })}>{t('clearFilter')}</Button>}
            />
          )}
        </Panel>
      )}
    </>
  );
}
