'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactElement, type ReactNode, useRef } from 'react';

type DialogFrameProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description: ReactNode;
  readonly icon: ReactNode;
  readonly children: ReactNode;
  /** The safe button. */
  readonly closeButton: ReactElement;
  readonly closeLabel: string;
  readonly action: ReactNode;
  /** The classes of its size. */
  readonly className: string;
};

/** The dialog itself: traps the focus inside, and returns it. */
export function DialogFrame(props: DialogFrameProps) {
  const { open, onOpenChange, title, description, icon, children, closeButton, closeLabel, action } = props;
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-160 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup initialFocus={safe} className={props.className}>
          <div className="grid grid-cols-1 gap-4 px-5 pt-4 pb-5">
            <div className="flex items-start gap-3">
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
            {children}
          </div>
          <div className="sticky bottom-0 flex justify-end gap-2 rounded-b-xl border-t border-line bg-sunken px-5 py-3">
            <Base.Close ref={safe} render={closeButton}>
              {closeLabel}
            </Base.Close>
            {action}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
