'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import { TabLinks } from '@/components/ui/tab-links';
import { useMay } from '@/lib/client/session/rights';
import type { ConnectionView } from '@/lib/contract/connection';
import { routes } from '@/lib/routes';
import { AlertBanner } from './alerts';
import { ConnectionPicker } from './connection-picker';
import { useOpenedConnection } from './connection-scope';
import { getEnvironment } from './environment';
import { FocusKeeper } from './focus-keeper';
import { OutageBanner, StopBanner, UpdateNotice } from './frame-notices';
import { Palette } from './palette/palette';
import { Rail, type Section } from './rail';
import { StopButton } from './stop-button';
import { ThemeToggle } from './theme/theme-toggle';

const estateTabs = ['estate', 'bindings', 'functions', 'drift', 'changes'] as const;
type EstateTab = (typeof estateTabs)[number];

/** `title` is the page's `h1`, in the bar; a page with its own `PageHeader` passes its breadcrumb instead. */
type ShellHead =
  | { readonly title: string; readonly note?: ReactNode }
  | { readonly trail: readonly { readonly label: string; readonly href?: string }[] };

type AppShellProps = {
  readonly connections: readonly ConnectionView[];
  /** The account that the page is about; null for pages about all of them. */
  readonly connectionId: string | null;
  readonly section: Section | null;
  /** The page of the section Estate. */
  readonly tab?: EstateTab;
  readonly head: ShellHead;
  /** Shown in the bar beside the connection: refresh, sync state. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** The frame of every page: skip link, rail, top bar, main. Each page renders it with its connection. */
export function AppShell({
  connections,
  connectionId,
  section,
  tab,
  head,
  actions,
  children,
}: AppShellProps) {
  const t = useTranslations('shell');
  const environment = getEnvironment(connections, connectionId);
  // Pages of the estate show the chosen account, others that of their run or plan.
  const openedId = useOpenedConnection(connections, connectionId, section === 'estate');
  const mayControl = useMay('runCode', 'everywhere');
  const hasSandbox = mayControl && connections.some((connection) => connection.kind === 'sandbox');
  const mayOperate = useMay('operate');
  return (
    <div
      data-environment={environment}
      className="min-h-screen max-md:pb-16 md:grid md:grid-cols-[5rem_minmax(0,1fr)]"
    >
      <a
        href="#main"
        className="absolute -top-16 left-2 z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:top-2"
      >
        {t('skip')}
      </a>
      <FocusKeeper />
      <Rail environment={environment} connectionId={openedId} section={section} hasSandbox={hasSandbox} />
      <div className="flex min-w-0 flex-col">
        <div className="sticky top-0 z-20">
          <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-3 md:gap-3 md:pr-4 md:pl-5">
            <Head head={head} />
            <span className="ml-auto" />
            <Palette connectionId={openedId} hasSandbox={hasSandbox} />
            <ConnectionPicker
              connections={connections}
              connectionId={connectionId}
              opens={section === 'diversions' && mayOperate ? 'newDiversion' : (tab ?? 'estate')}
            />
            {actions}
            <StopButton />
            <ThemeToggle />
          </header>
          <UpdateNotice />
          <OutageBanner />
        </div>
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-hidden">
          {section === 'estate' && connectionId !== null ? (
            <EstateTabs connectionId={connectionId} tab={tab ?? 'estate'} />
          ) : null}
          <AlertBanner />
          <StopBanner />
          {children}
        </main>
      </div>
    </div>
  );
}

/** The pages about the objects of a connection. */
function EstateTabs({ connectionId, tab }: { readonly connectionId: string; readonly tab: EstateTab }) {
  const t = useTranslations('shell');
  return (
    <div className="border-b border-line bg-surface px-1 pt-1 md:px-3">
      <TabLinks
        label={t('section.estate')}
        tabs={estateTabs.map((each) => ({
          name: t(`tab.${each}`),
          href: routes[each](connectionId),
          isCurrent: each === tab,
        }))}
      />
    </div>
  );
}

function Head({ head }: { readonly head: ShellHead }) {
  const t = useTranslations('shell');
  if ('title' in head) {
    return (
      <div className="flex min-w-0 items-baseline gap-2 whitespace-nowrap">
        <h1>{head.title}</h1>
        {head.note ? <span className="truncate text-12 text-ink-3 max-xl:hidden">{head.note}</span> : null}
      </div>
    );
  }
  return (
    <nav aria-label={t('trail')} className="flex min-w-0 items-center gap-2 whitespace-nowrap">
      {head.trail.map((step, index) => (
        <Fragment key={step.label}>
          {index > 0 ? (
            <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-3 max-md:hidden" />
          ) : null}
          {step.href ? (
            <Link href={step.href} className="text-ink-2 hover:text-ink hover:underline max-md:hidden">
              {step.label}
            </Link>
          ) : (
            <span className="truncate font-semibold">{step.label}</span>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
