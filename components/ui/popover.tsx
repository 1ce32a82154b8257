'use client';

import { Popover as Base } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

type PopoverProps = {
  /** The button's content. */
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  /** True to highlight the button because its value is unusual. */
  readonly marked?: boolean;
  readonly title: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
};

/** A button that opens a small form beside it. Focus moves in and returns; Esc closes. */
export function Popover({ label, icon, marked = false, title, open, onOpenChange, children }: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger
        className={classes(
          'inline-flex h-8 min-w-0 items-center gap-1.5 rounded-md border px-2.5 font-medium whitespace-nowrap hover:border-control hover:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0',
          marked ? 'border-dashed border-control bg-accent-soft' : 'border-line-strong bg-surface',
        )}
      >
        {icon}
        <span className="truncate">{label}</span>
        <ChevronDown aria-hidden className="text-ink-3" />
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
