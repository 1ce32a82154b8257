'use client';

import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { type Notice, ToastRegion } from './toast-region';

type ShowToast = (notice: Notice) => void;
const ToastContext = createContext<ShowToast>(() => {});

/** Shows completed actions in a corner of each page, with an undo button if the server supports it. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Notice[]>([]);
  const show = useCallback<ShowToast>((notice) => setToasts((before) => [...before, notice]), []);
  const drop = useCallback(
    (shown: readonly Notice[]) => setToasts((before) => before.filter((toast) => !shown.includes(toast))),
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      <ToastRegion toasts={toasts} onShown={drop} />
    </ToastContext>
  );
}

/** Returns a function that shows the result of an action. */
export function useToast(): ShowToast {
  return use(ToastContext);
}
