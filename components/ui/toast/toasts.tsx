'use client';

import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import type { Notice } from './toast-region';

const region = onDemand(() => import('./toast-region'));

type ShowToast = (notice: Notice) => void;
const ToastContext = createContext<ShowToast>(() => {});

/** Shows completed actions in a corner of each page, with an undo button if the server supports it. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Notice[]>([]);
  const part = usePart(region, toasts.length > 0);
  const show = useCallback<ShowToast>((notice) => setToasts((before) => [...before, notice]), []);
  const drop = useCallback(
    (shown: readonly Notice[]) => setToasts((before) => before.filter((toast) => !shown.includes(toast))),
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      {part === null || part === 'missing' ? null : <part.ToastRegion toasts={toasts} onShown={drop} />}
    </ToastContext>
  );
}

/** Returns a function that shows the result of an action. */
export function useToast(): ShowToast {
  return use(ToastContext);
}
