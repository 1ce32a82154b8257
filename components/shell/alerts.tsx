'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import type { AlertView } from '@/lib/contract/alert';
import { AcknowledgeDialog, type AlertActions } from './frame-dialogs';
import { AlertList } from './frame-notices';
import { useRailCounts } from './rail-counts';

const AlertActionsContext = createContext<AlertActions | null>(null);

type AlertsProps = AlertActions & { readonly children: ReactNode };

/** Shows on every page that something needs attention: in the title of the browser's tab, and by `AlertBanner`. */
export function Alerts({ acknowledgeAlert, reopenAlert, children }: AlertsProps) {
  const counts = useRailCounts();
  useTitleCount(counts === null ? 0 : counts.alerts.runs.open + counts.alerts.switches.open);
  const actions = useMemo(() => ({ acknowledgeAlert, reopenAlert }), [acknowledgeAlert, reopenAlert]);
  return <AlertActionsContext value={actions}>{children}</AlertActionsContext>;
}

/** Prefixes the page title with a count, also after navigation; no prefix for 0. */
function useTitleCount(count: number): void {
  useEffect(() => {
    const write = () => {
      const title = document.title.replace(/^\(\d+\) /, '');
      const wanted = count === 0 ? title : `(${count}) ${title}`;
      // Writing is a change too: it is only done when it changes something.
      if (document.title !== wanted) document.title = wanted;
    };
    write();
    const observer = new MutationObserver(write);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [count]);
}

/** More would push the content off the screen. */
const shownMax = 3;

/**
 * The runs and Switches that need attention, on every page until that is resolved or acknowledged: what, why, since
 * when.
 */
export function AlertBanner() {
  const t = useTranslations('shell');
  const alerts = useRailCounts()?.alerts;
  const actions = use(AlertActionsContext);
  const [asked, setAsked] = useState<AlertView | null>(null);
  const count = alerts === undefined ? 0 : alerts.runs.open + alerts.switches.open;
  const shown = alerts?.open.slice(0, shownMax) ?? [];
  return (
    <>
      {/* It is always there, so that screen readers announce what is added. */}
      <section
        data-keeps-focus={shown.length > 0 || undefined}
        aria-label={t('needsAttention')}
        aria-live="polite"
        className="px-3 not-empty:py-3 md:px-5 md:not-empty:pb-0"
      >
        {shown.length === 0 ? null : (
          <AlertList
            shown={shown}
            more={count - shown.length}
            onAcknowledge={actions === null ? null : setAsked}
          />
        )}
      </section>
      {asked === null || actions === null ? null : (
        <AcknowledgeDialog key={asked.occurrence} alert={asked} {...actions} onClose={() => setAsked(null)} />
      )}
    </>
  );
}
