'use client';

import { Toast } from '@base-ui/react/toast';
import { Check, CircleX, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { useMessage } from '@/components/ui/use-message';
import type { Values } from '@/lib/messages/use-any-key';

/** The duration for which undo is offered, in ms; paused while the pointer or the focus is on it. */
const shownMs = 10_000;

/** A failure that arrived after its page was left. */
type LateFailureProps = {
  /** The title of that page. */
  readonly page: string;
  /** The server's reasons, as keys; null = no response arrived. */
  readonly reasons: readonly { readonly message: string; readonly values?: Values }[] | null;
  /** The places of the texts for the server's keys, in order of priority. */
  readonly below: readonly string[];
};

/** The result of an action. A failure stays until it is dismissed. */
export type Notice =
  | {
      readonly kind: 'done' | 'failed';
      readonly title: string;
      /** Undoes the action; offered for a while. */
      readonly undo?: () => void;
    }
  | ({ readonly kind: 'late' } & LateFailureProps);

type ToastRegionProps = {
  /** Toasts that have yet to be shown. */
  readonly toasts: readonly Notice[];
  /** Called once they are shown, so that they are shown only once. */
  readonly onShown: (toasts: readonly Notice[]) => void;
};

/**
 * The corner of the page that shows toasts, above the navigation of a phone and above the bar that `data-bottom-bar`
 * marks.
 */
export function ToastRegion(props: ToastRegionProps) {
  return (
    <Toast.Provider timeout={shownMs} limit={3}>
      <ToastAdder {...props} />
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 grid w-88 max-w-[calc(100vw-2rem)] grid-cols-1 gap-2 outline-hidden in-[:has([data-bottom-bar])]:bottom-17 max-md:bottom-20 max-md:in-[:has([data-bottom-bar])]:bottom-28">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastAdder({ toasts, onShown }: ToastRegionProps) {
  const { add, close } = Toast.useToastManager();
  useEffect(() => {
    if (toasts.length === 0) return;
    for (const notice of toasts) {
      if (notice.kind === 'late') {
        add({ title: <LateFailure {...notice} />, type: 'failed', timeout: 0 });
        continue;
      }
      const { kind, title, undo } = notice;
      const id = add({
        title,
        type: kind,
        ...(kind === 'failed' ? { timeout: 0 } : {}),
        data:
          undo === undefined
            ? {}
            : {
                undo: () => {
                  close(id);
                  undo();
                },
              },
      });
    }
    onShown(toasts);
  }, [toasts, onShown, add, close]);
  return null;
}

/** The text of a late failure. */
function LateFailure({ page, reasons, below }: LateFailureProps) {
  const t = useTranslations('ui');
  const message = useMessage(...below);
  const texts =
    reasons === null
      ? [t('noAnswer'), t('noAnswerNote')]
      : [t('refused'), ...reasons.map((reason) => message(reason.message, reason.values))];
  return t('late', { page, text: texts.join(' ') });
}

function ToastList() {
  const t = useTranslations('ui');
  const { toasts } = Toast.useToastManager<{ readonly undo?: () => void }>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={classes(
        'flex items-center gap-2 rounded-lg border bg-raised py-2 pr-2 pl-3 shadow-float transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0',
        toast.type === 'failed' ? 'border-bad-line' : 'border-line-strong',
      )}
    >
      {toast.type === 'failed' ? (
        <CircleX aria-hidden className="size-4 shrink-0 text-bad" />
      ) : (
        <Check aria-hidden className="size-4 shrink-0 text-ok" />
      )}
      <Toast.Content className="flex min-w-0 flex-1 items-center gap-3">
        <Toast.Title className="min-w-0 flex-1 text-13 wrap-anywhere" render={<p />} />
        {toast.data?.undo === undefined ? null : (
          <Toast.Action
            render={<Button size="sm" className="max-md:h-11 max-md:px-3" />}
            onClick={toast.data.undo}
          >
            {t('undo')}
          </Toast.Action>
        )}
      </Toast.Content>
      <Toast.Close
        render={
          <IconButton size="sm" className="max-md:size-11" label={t('dismiss')} icon={<X aria-hidden />} />
        }
      />
    </Toast.Root>
  ));
}
