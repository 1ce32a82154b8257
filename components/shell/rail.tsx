'use client';

import {
  ArrowLeftRight,
  CalendarClock,
  FlaskConical,
  Gauge,
  LayoutDashboard,
  Settings,
  Split,
  Waypoints,
} from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { RailView } from '@/lib/contract/overview';
import { routes } from '@/lib/routes';
import type { Environment } from './environment';
import { useRailCounts } from './rail-counts';

/** `bad`: something is wrong now; `warn`: something needs attention; `quiet`: informational. */
type Badge = { readonly tone: 'bad' | 'warn' | 'quiet'; readonly count: number };

const badgeLooks = {
  bad: 'bg-bad text-on-bad',
  warn: 'bg-warn text-on-warn',
  quiet: 'bg-rail-ink text-rail',
} as const satisfies Record<Badge['tone'], string>;

/** A count behind an entry, with its text for screen readers. */
type Counted = Badge & { readonly text: string };

/** Returns the counts behind an entry, those that need a person's attention first. Zeros are left out. */
function listCounts(
  section: Section,
  { unapproved, alerts: { runs, switches }, failoverEnabled, drifted, problems, worker }: RailView,
  t: ReturnType<typeof useTranslations<'shell.badge'>>,
): readonly Counted[] {
  const entry = (tone: Badge['tone'], count: number, key: Parameters<typeof t>[0]): Counted[] =>
    count === 0 ? [] : [{ tone, count, text: t(key, { count }) }];
  switch (section) {
    case 'diversions':
      return [
        ...entry('bad', runs.open, 'runs'),
        ...entry('warn', unapproved, 'unapproved'),
        ...entry('quiet', runs.acknowledged, 'acknowledged'),
      ];
    case 'switches':
      return [
        ...entry('bad', switches.open, 'failedOver'),
        ...entry('quiet', switches.acknowledged, 'acknowledged'),
        ...entry('quiet', failoverEnabled, 'failoverEnabled'),
      ];
    case 'estate': {
      const count = Object.values(drifted).reduce((sum, each) => sum + each, 0);
      return entry('warn', count, 'drifted');
    }
    case 'settings':
      return [...entry('bad', worker === 'live' ? 0 : 1, 'worker'), ...entry('warn', problems, 'problems')];
    default:
      return [];
  }
}

/** The count on an entry of the navigation: one figure on screen, and all of them for screen readers. */
function RailBadge({ section }: { readonly section: Section }) {
  const t = useTranslations('shell.badge');
  const counts = useRailCounts();
  const all = counts === null ? [] : listCounts(section, counts, t);
  const [badge] = all;
  if (badge === undefined) return null;
  return (
    <>
      <span
        aria-hidden
        className={classes(
          'absolute top-0.75 left-[calc(50%+0.5625rem)] h-4 min-w-4 rounded-full px-1 text-center text-11 leading-4 font-semibold tabular-nums ring-2 ring-rail',
          badgeLooks[badge.tone],
        )}
      >
        {badge.count}
      </span>
      <span className="sr-only">{all.map(({ text }) => text).join(', ')}</span>
    </>
  );
}

export type Section =
  | ('overview' | 'estate' | 'diversions' | 'schedule')
  | ('capacity' | 'switches' | 'sandbox' | 'settings');

type RailProps = {
  readonly environment: Environment;
  /** The connection that links open; null when the app has none. */
  readonly connectionId: string | null;
  readonly section: Section | null;
  /** True if there is a sandbox that the person may control. */
  readonly hasSandbox: boolean;
};

const icons = {
  overview: LayoutDashboard,
  estate: Waypoints,
  diversions: Split,
  schedule: CalendarClock,
  capacity: Gauge,
  switches: ArrowLeftRight,
  sandbox: FlaskConical,
  settings: Settings,
};

/** Navigation and safety signal: solid petrol for a live account, hatched paper with a dashed edge for the sandbox. */
export function Rail({ environment, connectionId, section, hasSandbox }: RailProps) {
  const t = useTranslations('shell');
  const entries: readonly { section: Section; href: string }[] = [
    { section: 'overview', href: routes.overview() },
    { section: 'estate', href: routes.estate(connectionId ?? undefined) },
    { section: 'diversions', href: routes.diversions() },
    { section: 'schedule', href: routes.schedule() },
    { section: 'capacity', href: routes.capacity() },
    { section: 'switches', href: routes.switches() },
    ...(hasSandbox ? [{ section: 'sandbox', href: routes.sandbox() } as const] : []),
    { section: 'settings', href: routes.settings() },
  ];
  return (
    <aside
      aria-label={t('product')}
      className="fixed inset-x-0 bottom-0 z-30 flex h-15 border-rail-line bg-rail px-1 py-1 text-rail-ink in-data-[environment=sandbox]:border-t-2 in-data-[environment=sandbox]:border-dashed in-data-[environment=sandbox]:bg-hatch-sandbox md:sticky md:inset-x-auto md:top-0 md:bottom-auto md:h-screen md:w-20 md:flex-col md:border-r md:px-2 md:pt-0 md:pb-3 md:in-data-[environment=sandbox]:border-t-0 md:in-data-[environment=sandbox]:border-r-2"
    >
      <Link
        href={routes.overview()}
        aria-label={t('home')}
        className="mb-2 hidden h-12 place-items-center focus-visible:outline-rail-focus md:grid"
      >
        <BrandMark />
      </Link>
      <nav aria-label={t('navigation')} className="flex w-full rounded-lg bg-rail md:flex-col md:gap-0.5">
        {entries.map((entry) => {
          const Icon = icons[entry.section];
          return (
            <Link
              key={entry.section}
              href={entry.href}
              aria-current={entry.section === section ? 'page' : undefined}
              className="relative flex flex-1 flex-col items-center gap-1 rounded-lg pt-2 pb-1.5 text-11 leading-3.5 font-medium transition-colors hover:bg-rail-on hover:text-rail-ink-on focus-visible:-outline-offset-2 focus-visible:outline-rail-focus aria-[current=page]:bg-rail-on aria-[current=page]:text-rail-ink-on md:aria-[current=page]:before:absolute md:aria-[current=page]:before:inset-y-2.5 md:aria-[current=page]:before:-left-2 md:aria-[current=page]:before:w-0.75 md:aria-[current=page]:before:rounded-r-sm md:aria-[current=page]:before:bg-rail-ink-on"
            >
              <Icon aria-hidden className="size-4.5" strokeWidth={1.75} />
              {/* The labels don't fit side by side on a phone, so only the current page's label is shown there. */}
              <span className={classes(entry.section !== section && 'max-[28rem]:sr-only')}>
                {t(`section.${entry.section}`)}
              </span>{' '}
              <RailBadge section={entry.section} />
            </Link>
          );
        })}
      </nav>
      <p
        title={t(`environmentNote.${environment}`)}
        className="mx-1 mt-auto hidden rounded-md border border-rail-ink/45 bg-rail py-0.75 text-center text-11 leading-3.5 font-semibold text-rail-ink-on md:block"
      >
        {t(`environment.${environment}`)}
      </p>
    </aside>
  );
}

/** The logo: a dam and the water that flows over it. */
function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7.5">
      <path d="M4 29V14h5.5c8 0 6.5 10.5 14 11.6l4.5.4V29z" fill="var(--brand-dam)" />
      <path
        d="M4 8.5h6.5c9.5 0 7.5 11.2 16 12.2H28"
        fill="none"
        stroke="var(--brand-water)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
