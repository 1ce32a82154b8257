'use client';

import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button, IconButton } from '@/components/ui/button';

/** Undoing is offered this long, in ms, and longer while the pointer or the focus is on it. */
const shownMs = 10_000;

/** Shows what was done in a corner of each page, with a button that undoes it where the server can. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider timeout={shownMs} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 grid w-88 max-w-[calc(100vw-2rem)] gap-2 outline-hidden max-md:bottom-20">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const t = useTranslations('ui');
  const { toasts } = Toast.useToastManager<{ readonly undo?: () => void }>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="flex items-center gap-3 rounded-lg border border-line-strong bg-raised py-2 pr-2 pl-4 shadow-float transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="flex min-w-0 flex-1 items-center gap-3">
        <Toast.Title className="min-w-0 flex-1 text-13" render={<p />} />
        {toast.data?.undo === undefined ? null : (
          <Toast.Action render={<Button size="sm" />} onClick={toast.data.undo}>
            {t('undo')}
          </Toast.Action>
        )}
      </Toast.Content>
      <Toast.Close render={<IconButton size="sm" label={t('dismiss')} icon={<X aria-hidden />} />} />
    </Toast.Root>
  ));
}

/**
 * Returns a function that shows what was done.
 * @returns `undo` takes it back: it is offered for a while
 */
export function useToast(): (title: string, undo?: () => void) => void {
  const { add, close } = Toast.useToastManager();
  return (title, undo) => {
    const id = add({
      title,
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
  };
}
