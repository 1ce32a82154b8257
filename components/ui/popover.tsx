'use client';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { onDemand, StandInButton, useStandIn } from './base/on-demand';
import { classes } from './classes';

const frame = onDemand(() => import('./base/popover-frame'));

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
  const { part, takeOver, standIn, open: load } = useStandIn(frame);
  const trigger = (
    <>
      {icon}
      <span className="truncate">{label}</span>
      <ChevronDown aria-hidden className="text-ink-3" />
    </>
  );
  const className = classes(
    'inline-flex h-8 min-w-0 items-center gap-1.5 rounded-md border px-2.5 font-medium whitespace-nowrap hover:border-control hover:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0',
    marked ? 'border-dashed border-control bg-accent-soft' : 'border-line-strong bg-surface',
  );
  if (part === null)
    return (
      <StandInButton
        {...standIn}
        aria-haspopup="dialog"
        className={className}
        onClick={() => {
          load();
          onOpenChange(true);
        }}
      >
        {trigger}
      </StandInButton>
    );
  return (
    <part.PopoverFrame
      {...{ open, onOpenChange, title, trigger }}
      triggerClassName={className}
      triggerRef={takeOver.focus}
    >
      {children}
    </part.PopoverFrame>
  );
}
