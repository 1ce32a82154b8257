'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import type { ObjectChangeView } from '@/lib/client/views';
import { ChangeItem } from './change-item';
import { groupChanges } from './find-changes';

type ChangesListProps = {
  readonly changes: readonly ObjectChangeView[];
  readonly connectionId: string;
  readonly zone: string | null;
};

/** The number of objects of a kind shown at first, and added each time. */
const pageSize = 50;

/** Changes, grouped by the kind of their objects. */
export function ChangesList({ changes, connectionId, zone }: ChangesListProps) {
  return groupChanges(changes).map(({ kind, items }) => (
    <ChangesOfKind key={kind} kind={kind} items={items} connectionId={connectionId} zone={zone} />
  ));
}

type ChangesOfKindProps = Omit<ChangesListProps, 'changes'> & ReturnType<typeof groupChanges>[number];

function ChangesOfKind({ kind, items, connectionId, zone }: ChangesOfKindProps) {
  const t = useTranslations('history');
  const [shown, setShown] = useState(pageSize);
  const more = Math.min(pageSize, items.length - shown);
  return (
    <Panel
      title={t(`kind.${kind}`)}
      aside={<span className="text-12 text-ink-2">{t('count', { count: items.length })}</span>}
      flush
    >
      <ul>
        {items.slice(0, shown).map((item) => (
          <ChangeItem key={item.change.key} item={item} connectionId={connectionId} zone={zone} />
        ))}
      </ul>
      {more > 0 ? (
        <div className="border-t border-line px-4 py-2">
          <Button size="sm" onClick={() => setShown(shown + pageSize)}>
            {t('more', { count: more })}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
