'use client';

import dynamic from 'next/dynamic';
import { type ComponentType, createContext, type ReactNode, use, useCallback, useState } from 'react';
import { loadPart } from '@/lib/client/load-part';
import type { Notice, ToastRegionProps } from './toast-region';

/** Loaded once the page works, as nothing is shown at first. */
const ToastRegion = dynamic(
  () =>
    loadPart<ComponentType<ToastRegionProps>>(
      import('./toast-region').then((module) => module.ToastRegion),
      () => null,
    ),
  { ssr: false },
);

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
