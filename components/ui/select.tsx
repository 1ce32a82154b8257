'use client';

import type { ReactNode } from 'react';
import { onDemand, StandInButton, useStandIn } from './base/on-demand';
import { ChosenOption } from './chosen-option';
import { classes } from './classes';
import type { FieldControl } from './field';
import { controlLook, controlSizes } from './input';

const list = onDemand(() => import('./base/select-list'));

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
  const { part, takeOver, standIn, open } = useStandIn(list);
  const chosen = options.find((option) => option.value === value);
  const trigger = {
    ...control,
    className: classes(
      controlLook,
      'flex items-center gap-2 text-left whitespace-nowrap',
      controlSizes[size],
      className,
    ),
    children: (
      <>
        {icon ? <span className="shrink-0 text-ink-3 [&_svg]:size-3.5">{icon}</span> : null}
        <ChosenOption
          label={value === '' ? (placeholder ?? '') : (chosen?.label ?? value)}
          hint={chosen?.hint}
          isEmpty={value === ''}
        />
      </>
    ),
  };
  if (part === null)
    return (
      <StandInButton
        {...trigger}
        {...standIn}
        role="combobox"
        aria-haspopup="listbox"
        disabled={disabled}
        onClick={open}
      />
    );
  return (
    <part.SelectList
      {...{ options, disabled, trigger }}
      value={value === '' ? null : value}
      onChange={(next) => {
        const option = options.find((option) => option.value === next);
        if (option !== undefined) onChange(option.value);
      }}
      triggerRef={takeOver.focus}
      defaultOpen={takeOver.isOpen}
    />
  );
}
