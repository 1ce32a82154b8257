import { useState } from 'react';

/** A dialog, open or closed, and what it was opened for. */
export type DialogState<T> = {
  /** Changes with each opening. As the key of the dialog's component, it clears what an earlier opening left. */
  readonly key: number;
  readonly isOpen: boolean;
  /** The object that the dialog was opened for; null = it has not been opened. It stays while the dialog fades out. */
  readonly subject: T | null;
  readonly open: (subject: T) => void;
  readonly close: () => void;
  /** Closes the dialog and clears its fields at once: for forms that hold a secret. */
  readonly discard: () => void;
};

/**
 * Keeps the state of a dialog. Call it outside of the rows of a table: reading the page again may replace the rows
 * while the dialog is open. `T` is what the dialog is about; use `null` for a dialog that creates something.
 */
export function useDialog<T>(): DialogState<T> {
  const [{ key, isOpen, subject }, set] = useState<Pick<DialogState<T>, 'key' | 'isOpen' | 'subject'>>({
    key: 0,
    isOpen: false,
    subject: null,
  });
  return {
    key,
    isOpen,
    subject,
    open: (next) => set((now) => ({ key: now.key + 1, isOpen: true, subject: next })),
    // A later opening stays open.
    close: () => set((now) => (now.key === key ? { ...now, isOpen: false } : now)),
    discard: () => set((now) => ({ key: now.key + 1, isOpen: false, subject: null })),
  };
}
