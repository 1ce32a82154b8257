'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { ScrollArea } from '@base-ui/react/scroll-area';
import { useTranslations } from 'next-intl';
import { type ReactNode, useRef } from 'react';
import { Button } from './button';
import { classes } from './classes';

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
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-160 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={safe}
          className={classes(
            size === 'wide'
              ? 'md:top-[6vh] md:max-h-[88vh] md:w-180'
              : 'md:top-[12vh] md:max-h-[76vh] md:w-120',
            'fixed z-50 flex flex-col border border-line-strong bg-raised shadow-dialog outline-hidden transition-opacity duration-160 data-ending-style:opacity-0 data-starting-style:opacity-0',
            'max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[92dvh] max-md:rounded-t-xl md:left-1/2 md:max-w-[calc(100vw-2rem)] md:-translate-x-1/2 md:rounded-xl',
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-3">
            {icon ? (
              <span className="grid size-8 shrink-0 place-items-center rounded-md bg-accent-soft text-accent [&_svg]:size-4">
                {icon}
              </span>
            ) : null}
            <div className="min-w-0">
              <Base.Title className="text-16">{title}</Base.Title>
              {description ? (
                <Base.Description className="mt-1 text-ink-2">{description}</Base.Description>
              ) : null}
            </div>
          </div>
          {/* Only this part scrolls, also by keyboard: what is asked and both answers stay in view. */}
          <ScrollArea.Root className="flex min-h-0 flex-col">
            <ScrollArea.Viewport className="min-h-0">
              <ScrollArea.Content
                className="grid grid-cols-1 gap-4 px-5 pt-1 pb-5 empty:hidden"
                style={{ minWidth: 0 }}
              >
                {children}
              </ScrollArea.Content>
            </ScrollArea.Viewport>
            <ScrollArea.Scrollbar className="w-2 p-0.5">
              <ScrollArea.Thumb className="rounded-full bg-line-strong" />
            </ScrollArea.Scrollbar>
          </ScrollArea.Root>
          <div className="flex justify-end gap-2 rounded-b-xl border-t border-line bg-sunken px-5 py-3 max-md:rounded-b-none">
            <Base.Close ref={safe} render={<Button />}>
              {cancelLabel ?? t('cancel')}
            </Base.Close>
            {action}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
