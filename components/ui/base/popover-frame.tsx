'use client';

import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode, RefObject } from 'react';

type PopoverFrameProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** The button's classes, content and element. */
  readonly triggerClassName: string;
  readonly trigger: ReactNode;
  readonly triggerRef: RefObject<HTMLButtonElement | null>;
  readonly children: ReactNode;
};

/** The button and its popup. */
export function PopoverFrame(props: PopoverFrameProps) {
  const { open, onOpenChange, title, triggerClassName, trigger, triggerRef, children } = props;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger ref={triggerRef} className={triggerClassName}>
        {trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-40 outline-hidden" sideOffset={4} align="start">
          <Base.Popup className="w-80 max-w-[calc(100vw-1.5rem)] rounded-md border border-line-strong bg-raised p-4 text-ink shadow-float outline-hidden">
            <Base.Title className="mb-3 text-14 font-semibold">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
