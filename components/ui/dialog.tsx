'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { ComponentType, ReactNode } from 'react';
import { loadPart } from '@/lib/client/load-part';
import { Button } from './button';

export type DialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
  /** The safe button, by default “Cancel”: it has the initial focus and closes the dialog, like Esc. */
  readonly cancelLabel?: string;
  /** The button that performs the action, beside the safe one. */
  readonly action: ReactNode;
  /** `wide` is for dialogs that hold a form with code. */
  readonly size?: 'normal' | 'wide';
};

/** Loaded once the page works, or with the first dialog that opens. */
const DialogFrame = dynamic(
  () =>
    loadPart<ComponentType<DialogProps>>(
      import('./base/dialog-frame').then((module) => module.DialogFrame),
      DialogMissing,
    ),
  { ssr: false },
);

/** Asks for confirmation before an action. Focus stays inside and starts on the safe button; Esc closes. */
export function Dialog(props: DialogProps) {
  return <DialogFrame {...props} />;
}

/** Says that the dialog can't be opened, using only what is already loaded. */
function DialogMissing({ open, onOpenChange }: DialogProps) {
  const t = useTranslations('ui');
  if (!open) return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-4 top-14 z-50 mx-auto flex max-w-120 items-center gap-3 rounded-lg border border-line-strong bg-raised py-2 pr-2 pl-4 shadow-float"
    >
      <p className="min-w-0 flex-1">{t('partMissing')}</p>
      <Button size="sm" onClick={() => onOpenChange(false)}>
        {t('dismiss')}
      </Button>
    </div>
  );
}
