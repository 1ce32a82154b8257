'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { onDemand } from '@/components/ui/base/on-demand';
import { Button } from '@/components/ui/button';
import { DialogPart } from '@/components/ui/dialog';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { AcknowledgeAlertAction, ReopenAlertAction } from '@/lib/client/actions';
import type { AlertSubject, AlertView } from '@/lib/client/alert-views';
import { routes } from '@/lib/routes';
import { AlertReasonText } from './alert-reason-text';
import { useRailCounts } from './rail-counts';

const dialog = onDemand(() => import('./frame-dialogs'));

export type AlertActions = {
  readonly acknowledgeAlert: AcknowledgeAlertAction;
  readonly reopenAlert: ReopenAlertAction;
};
const AlertActionsContext = createContext<AlertActions | null>(null);

type AlertsProps = AlertActions & { readonly children: ReactNode };

/** Shows on every page that something needs a person: in the title of the browser's tab, and by `AlertBanner`. */
export function Alerts({ acknowledgeAlert, reopenAlert, children }: AlertsProps) {
  const counts = useRailCounts();
  useTitleCount(counts === null ? 0 : counts.alerts.runs.open + counts.alerts.switches.open);
  return <AlertActionsContext value={{ acknowledgeAlert, reopenAlert }}>{children}</AlertActionsContext>;
}

/** Puts a count before the title of the page, whatever title a navigation sets; none for 0. */
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

/** More would push the page out of sight. */
const shownMax = 3;

/** Returns the page where an alert is resolved. */
export const subjectHref = ({ kind, id }: AlertSubject) =>
  kind === 'run' ? routes.run(id) : routes.switches();

/** The runs and Switches that need a person, on every page until that is resolved or acknowledged: what, why, since when. */
export function AlertBanner() {
  const t = useTranslations('shell.alert');
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
        aria-label={t('title')}
        aria-live="polite"
        className="px-3 not-empty:py-3 md:px-5 md:not-empty:pb-0"
      >
        {shown.length === 0 ? null : (
          <ul className="grid divide-y divide-bad-line rounded-lg border border-bad-line bg-bad-soft">
            {shown.map((alert) => (
              <li
                key={`${alert.subject.id} ${alert.occurrence}`}
                className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1 py-1.5 pr-3 pl-4"
              >
                <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
                <p className="min-w-0 flex-1 basis-56">
                  <strong className="font-semibold">
                    {alert.name} <TextLink href={subjectHref(alert.subject)}>{alert.subject.id}</TextLink>
                  </strong>{' '}
                  <AlertReasonText reason={alert.reason} />{' '}
                  <span className="text-ink-2">
                    {t.rich('since', { time: () => <Time at={alert.since} /> })}
                  </span>
                </p>
                {actions === null ? null : (
                  <Button
                    aria-label={t('acknowledgeOf', { id: alert.subject.id })}
                    onClick={() => setAsked(alert)}
                  >
                    {t('acknowledge')}
                  </Button>
                )}
              </li>
            ))}
            {count > shown.length ? (
              <li className="px-4 py-1.5 text-12">
                {t.rich('more', {
                  count: count - shown.length,
                  runs: (words) => <TextLink href={routes.diversions()}>{words}</TextLink>,
                  switches: (words) => <TextLink href={routes.switches()}>{words}</TextLink>,
                })}
              </li>
            ) : null}
          </ul>
        )}
      </section>
      {asked === null || actions === null ? null : (
        <DialogPart part={dialog} open onClose={() => setAsked(null)}>
          {({ AcknowledgeDialog }) => (
            <AcknowledgeDialog
              key={asked.occurrence}
              alert={asked}
              {...actions}
              onClose={() => setAsked(null)}
            />
          )}
        </DialogPart>
      )}
    </>
  );
}
