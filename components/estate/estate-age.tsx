'use client';

import { useTranslations } from 'next-intl';
import { AsOf, Time } from '@/components/ui/time';
import type { Estate } from '@/lib/estate/model';

/** The time of an estate's full sync, and of later syncs of its frequently changing parts. */
export function EstateAge({
  estate: { takenAt, partsAt },
}: {
  readonly estate: Pick<Estate, 'takenAt' | 'partsAt'>;
}) {
  const t = useTranslations('estate');
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 text-11 text-ink-3">
      <AsOf at={takenAt} />
      {partsAt === null ? null : (
        <span className="whitespace-nowrap">
          {t.rich('partsAsOf', { time: () => <Time at={partsAt} /> })}
        </span>
      )}
    </span>
  );
}
