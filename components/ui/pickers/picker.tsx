'use client';

import { useMemo, useState } from 'react';
import { onDemand, StandInButton, useStandIn } from '@/components/ui/base/on-demand';
import { ChosenOption } from '@/components/ui/chosen-option';
import { classes } from '@/components/ui/classes';
import type { FieldControl } from '@/components/ui/field';
import { controlLook, controlSizes } from '@/components/ui/input';
import { mergeOptions, type OptionSource } from './option-source';
import type { PickerOption } from './picker-option';

const list = onDemand(() => import('./picker-list'));

type PickerProps = Partial<FieldControl> & {
  readonly options: readonly PickerOption[];
  /** Further options, fetched while the list is open; absent = there are none. */
  readonly source?: OptionSource | undefined;
  /** `''` = nothing selected yet. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly disabled?: boolean;
  readonly size?: 'sm' | 'md';
  /** Only if there is no visible label beside it. */
  readonly 'aria-label'?: string;
};

/**
 * One option from a list of any length, found by typing; role combobox. Unsuitable options are marked, with the reason,
 * and come last. They can still be selected: the form then reports the problem.
 */
export function Picker(props: PickerProps) {
  const { options, source, value, onChange, placeholder, disabled = false, size = 'md', ...control } = props;
  const { part, takeOver, standIn, open } = useStandIn(list);
  const items = useMemo(() => mergeOptions(options, source), [options, source]);
  const [picked, setPicked] = useState<PickerOption | null>(null);
  // What was picked from a search is not among the first options.
  const chosen = [...items, picked].find((option) => option?.value === value) ?? null;
  const trigger = {
    ...control,
    className: classes(
      controlLook,
      'flex items-center gap-2 text-left whitespace-nowrap',
      controlSizes[size],
    ),
    children: (
      <ChosenOption label={chosen?.label ?? placeholder} hint={chosen?.hint} isEmpty={chosen === null} />
    ),
  };
  if (part === null)
    return (
      <StandInButton
        {...trigger}
        {...standIn}
        role="combobox"
        aria-haspopup="dialog"
        disabled={disabled}
        onClick={() => {
          source?.onOpenChange(true);
          open();
        }}
      />
    );
  return (
    <part.PickerList
      {...{ items, chosen, disabled, trigger, source }}
      onChange={(option) => {
        setPicked(option);
        onChange(option.value);
      }}
      triggerRef={takeOver.focus}
      defaultOpen={takeOver.isOpen}
    />
  );
}
