'use client';

import { Select as Base } from '@base-ui/react/select';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactNode, RefObject } from 'react';

type SelectListOption = {
  readonly value: string;
  readonly label: string;
  readonly detail?: ReactNode;
  readonly hint?: string;
  readonly disabled?: boolean;
};

type SelectListProps = {
  readonly options: readonly SelectListOption[];
  /** null = nothing selected yet. */
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly disabled: boolean;
  /** The button with its content. */
  readonly trigger: ComponentProps<'button'>;
  readonly triggerRef: RefObject<HTMLButtonElement | null>;
  readonly defaultOpen: boolean;
};

/** The button and the list that it opens. */
export function SelectList(props: SelectListProps) {
  const { options, value, onChange, disabled, trigger, triggerRef, defaultOpen } = props;
  return (
    <Base.Root
      items={options.map(({ value, label }) => ({ value, label }))}
      value={value}
      onValueChange={(next) => {
        // The empty value can't be selected: null only means that the list lost the old value after the new one was
        // set.
        if (next !== null) onChange(next);
      }}
      disabled={disabled}
      defaultOpen={defaultOpen}
    >
      <Base.Trigger {...trigger} ref={triggerRef} />
      <Base.Portal>
        <Base.Positioner className="z-50 outline-hidden" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="min-w-(--anchor-width) max-w-[min(32rem,calc(100vw-1rem))] rounded-md border border-line-strong bg-raised py-1 text-ink shadow-float outline-hidden">
            <Base.List className="max-h-(--available-height) overflow-y-auto scroll-py-1">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled ?? false}
                  className="grid grid-cols-[1rem_1fr_auto] items-baseline gap-x-2 px-2.5 py-1.5 outline-hidden max-md:py-3 select-none data-disabled:cursor-not-allowed data-disabled:text-ink-off data-highlighted:bg-accent-soft"
                >
                  <Base.ItemIndicator className="col-start-1 self-center">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2">{option.label}</Base.ItemText>
                  {option.hint ? (
                    <span className="col-start-3 pl-4 text-12 text-ink-3">{option.hint}</span>
                  ) : null}
                  {option.detail ? (
                    <span className="col-start-2 text-12 text-ink-2">{option.detail}</span>
                  ) : null}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
