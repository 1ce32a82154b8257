'use client';

import { Toast } from '@base-ui/react/toast';
import { Check, CircleX, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';

/** The duration for which undo is offered, in ms; paused while the pointer or the focus is on it. */
const shownMs = 10_000;

/** `failed`: an action that was not completed; it stays until it is dismissed. */
export type ToastTone = 'done' | 'failed';

/** The result of an action. */
export type ToastText = {
  readonly id: number;
  readonly title: string;
  readonly tone: ToastTone;
  readonly undo?: () => void;
};

type ToastRegionProps = {
  /** Toasts that have yet to be shown. */
  readonly toasts: readonly ToastText[];
  /** Called once they are shown, so that they are shown only once. */
  readonly onShown: (toasts: readonly ToastText[]) => void;
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
    for (const { title, tone, undo } of toasts) {
      const id = add({
        title,
        type: tone,
        ...(tone === 'failed' ? { timeout: 0 } : {}),
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
