'use client';

import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { RailView } from '@/lib/client/views';
import type { Section } from './rail';
import { useRailCounts } from './rail-counts';

/** `warn` needs a person's attention; `quiet` is informational. */
type Badge = { readonly tone: 'warn' | 'quiet'; readonly count: number };

/** Sums over all connections. */
const sumCounts = (counts: RailView['drifted']) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Returns the badge of an entry: if there are several counts, the one that needs a person's attention. */
function getBadge(
  section: Section,
  { unapproved, failedOver, armed, drifted, problems }: RailView,
): Badge | null {
  if (section === 'plans') return unapproved > 0 ? { tone: 'warn', count: unapproved } : null;
  if (section === 'estate')
    return sumCounts(drifted) > 0 ? { tone: 'warn', count: sumCounts(drifted) } : null;
  if (section === 'settings') return problems > 0 ? { tone: 'warn', count: problems } : null;
  if (section !== 'switches') return null;
  if (failedOver > 0) return { tone: 'warn', count: failedOver };
  return armed > 0 ? { tone: 'quiet', count: armed } : null;
}

function badgeText(
  section: Section,
  { unapproved, drifted, failedOver, armed, problems }: RailView,
  t: ReturnType<typeof useTranslations<'shell.badge'>>,
): string {
  if (section === 'plans') return t('unapproved', { count: unapproved });
  if (section === 'settings') return t('problems', { count: problems });
  return section === 'estate'
    ? t('drifted', { count: sumCounts(drifted) })
    : t('switches', { failedOver, armed });
}

/** The count on an entry of the navigation: one figure on screen, and all of them for screen readers. */
export function RailBadge({ section }: { readonly section: Section }) {
  const t = useTranslations('shell.badge');
  const counts = useRailCounts();
  const badge = counts && getBadge(section, counts);
  if (counts === null || badge === null) return null;
  return (
    <>
      <span
        aria-hidden
        className={classes(
          'absolute top-0.75 left-[calc(50%+0.5625rem)] h-4 min-w-4 rounded-full px-1 text-center text-11 leading-4 font-semibold tabular-nums ring-2 ring-rail',
          badge.tone === 'warn' ? 'bg-warn text-on-warn' : 'bg-rail-ink text-rail',
        )}
      >
        {badge.count}
      </span>
      <span className="sr-only">{badgeText(section, counts, t)}</span>
    </>
  );
}
