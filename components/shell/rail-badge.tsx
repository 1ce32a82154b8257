'use client';

import { useTranslations } from 'next-intl';
import { useRailCounts } from './rail-counts';

/** How much waits for a person behind an entry of the navigation; nothing where nothing does. */
export function RailBadge({ section }: { readonly section: string }) {
  const t = useTranslations('shell.badge');
  const counts = useRailCounts();
  if (section !== 'plans' || counts === null || counts.unapproved === 0) return null;
  const { unapproved: count } = counts;
  return (
    <>
      <span
        aria-hidden
        className="absolute top-0.75 left-[calc(50%+0.5625rem)] h-4 min-w-4 rounded-full bg-warn px-1 text-center text-11 leading-4 font-semibold text-on-warn tabular-nums shadow-[0_0_0_2px_var(--rail)]"
      >
        {count}
      </span>
      <span className="sr-only">{t('unapproved', { count })}</span>
    </>
  );
}
