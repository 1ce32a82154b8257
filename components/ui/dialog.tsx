'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { type OnDemand, onDemand, usePart } from './base/on-demand';
import { Button } from './button';
import { classes } from './classes';

const frame = onDemand(() => import('./base/dialog-frame'));

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

/** Asks for confirmation before an action. Focus stays inside and starts on the safe button; Esc closes. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  icon,
  children,
  cancelLabel,
  action,
  size = 'normal',
}: DialogProps) {
  const t = useTranslations('ui');
  const part = usePart(frame, open);
  if (part === null) return null;
  if (part === 'missing') return open ? <DialogMissing onClose={() => onOpenChange(false)} /> : null;
  return (
    <part.DialogFrame
      {...{ open, onOpenChange, title, description, icon, action }}
      closeButton={<Button />}
      closeLabel={cancelLabel ?? t('cancel')}
      className={classes(
        size === 'wide' ? 'top-[6vh] max-h-[88vh] w-180' : 'top-[12vh] max-h-[76vh] w-120',
        'fixed left-1/2 z-50 max-w-[calc(100vw-2rem)] -translate-x-1/2 scroll-pb-16 overflow-y-auto rounded-xl border border-line-strong bg-raised shadow-dialog outline-hidden transition-opacity duration-160 data-ending-style:opacity-0 data-starting-style:opacity-0',
      )}
    >
      {children}
    </part.DialogFrame>
  );
}

/** Says that the dialog can't be opened, using only what is already loaded. */
function DialogMissing({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('ui');
  return (
    <div
      role="alert"
      className="fixed inset-x-4 top-14 z-50 mx-auto flex max-w-120 items-center gap-3 rounded-lg border border-line-strong bg-raised py-2 pr-2 pl-4 shadow-float"
    >
      <p className="min-w-0 flex-1">{t('partMissing')}</p>
      <Button size="sm" onClick={onClose}>
        {t('dismiss')}
      </Button>
    </div>
  );
}

type DialogPartProps<Part> = {
  readonly part: OnDemand<Part>;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Renders the dialog, open or closed, once its part is loaded. */
  readonly children: (part: Part) => ReactNode;
};

/** A dialog whose content is loaded separately: when the page is idle, or when the dialog opens. */
export function DialogPart<Part>({ part, open, onClose, children }: DialogPartProps<Part>) {
  const fetched = usePart(part, open);
  if (fetched === null) return null;
  if (fetched === 'missing') return open ? <DialogMissing onClose={onClose} /> : null;
  return children(fetched);
}
