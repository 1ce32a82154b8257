'use client';

import { Select as Base } from '@base-ui/react/select';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { ChosenOption } from './chosen-option';
import { classes } from './classes';
import type { FieldControl } from './field';
import { controlLook, controlSizes } from './input';

type SelectOption<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  /** A second line: an address, a state, why this option can't be selected. */
  readonly detail?: ReactNode;
  /** Secondary text at the right, in the list and on the closed control: an id, a region. */
  readonly hint?: string;
  readonly disabled?: boolean;
};

type SelectProps<Value extends string> = Partial<FieldControl> & {
  readonly options: readonly SelectOption<Value>[];
  /** `''` = nothing selected yet. */
  readonly value: NoInfer<Value> | '';
  readonly onChange: (value: Value) => void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly icon?: ReactNode;
  readonly size?: 'sm' | 'md';
  readonly className?: string;
  /** Only if there is no visible label beside it. */
  readonly 'aria-label'?: string;
};

/** One option from a list; role combobox, works by keyboard and by typing the first letters. */
export function Select<Value extends string>({
  options,
  value,
  onChange,
  placeholder,
  disabled = false,
  icon,
  size = 'md',
  className,
  ...control
}: SelectProps<Value>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root
      items={options.map(({ value, label }) => ({ value, label }))}
      value={value === '' ? null : value}
      onValueChange={(next) => {
        // The empty value can't be selected: null only means that the list lost the old value after the new one was
        // set.
        const option = options.find((option) => option.value === next);
        if (option !== undefined) onChange(option.value);
      }}
      disabled={disabled}
    >
      <Base.Trigger
        {...control}
        className={classes(
          controlLook,
          'flex items-center gap-2 text-left whitespace-nowrap',
          controlSizes[size],
          className,
        )}
      >
        {icon ? <span className="shrink-0 text-ink-3 [&_svg]:size-3.5">{icon}</span> : null}
        <ChosenOption
          label={value === '' ? (placeholder ?? '') : (chosen?.label ?? value)}
          hint={chosen?.hint}
          isEmpty={value === ''}
        />
      </Base.Trigger>
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
