'use client';

import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import type { ToastText, ToastTone } from './toast-region';

const region = onDemand(() => import('./toast-region'));

type ShowToast = (title: string, undo?: () => void, tone?: ToastTone) => void;
const ToastContext = createContext<ShowToast>(() => {});

let nextId = 0;

/** Shows completed actions in a corner of each page, with an undo button if the server supports it. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ToastText[]>([]);
  const part = usePart(region, toasts.length > 0);
  const show = useCallback<ShowToast>((title, undo, tone = 'done') => {
    const id = nextId++;
    setToasts((before) => [...before, { id, title, tone, ...(undo === undefined ? {} : { undo }) }]);
  }, []);
  const drop = useCallback(
    (shown: readonly ToastText[]) => setToasts((before) => before.filter((toast) => !shown.includes(toast))),
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      {part === null || part === 'missing' ? null : <part.ToastRegion toasts={toasts} onShown={drop} />}
    </ToastContext>
  );
}

/**
 * Returns a function that shows the result of an action. `undo` reverts it, and is offered for a while.
 */
export function useToast(): ShowToast {
  return use(ToastContext);
}
