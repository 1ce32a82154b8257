'use client';

import { ChevronDown } from 'lucide-react';
import { useMemo } from 'react';
import { onDemand, StandInInput, useStandIn } from '@/components/ui/base/on-demand';
import { classes } from '@/components/ui/classes';
import type { FieldControl } from '@/components/ui/field';
import { controlLook, controlSizes } from '@/components/ui/input';
import { mergeOptions, type OptionSource } from './option-source';
import type { PickerOption } from './picker-option';

type ListPart = typeof import('./autocomplete-list');

const list = onDemand(() => import('./autocomplete-list'));

/** A suggestion: its name is the value that is inserted. */
export type AutocompleteOption = Omit<PickerOption, 'label' | 'isAlways'>;

type AutocompleteProps = Partial<FieldControl> & {
  readonly options: readonly AutocompleteOption[];
  /** Further suggestions, fetched while the field is edited; absent = there are none. */
  readonly source?: OptionSource | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Shown in the list when nothing matches the typed text. */
  readonly emptyText: string;
  readonly placeholder?: string;
  /** The name of the button that opens the list. */
  readonly openLabel: string;
  /** Called when typing starts and ends: an incomplete value need not be validated. */
  readonly onEditing?: (isEditing: boolean) => void;
};

/**
 * A text field with suggestions that accepts any other value; role combobox. Unsuitable values are marked and come
 * last, as in a picker.
 */
export function Autocomplete({
  options,
  source,
  value,
  onChange: onValue,
  emptyText,
  placeholder,
  openLabel,
  onEditing,
  ...control
}: AutocompleteProps) {
  const { part, takeOver, standIn, open, load } = useStandIn<ListPart, HTMLInputElement>(list);
  const items = useMemo(
    () =>
      mergeOptions(
        options.map((option) => ({ ...option, label: option.value })),
        source,
      ),
    [options, source],
  );
  const hint = items.find((option) => option.value === value)?.hint;
  const onChange = (text: string) => {
    source?.onSearch(text);
    onValue(text);
  };
  const input = {
    autoComplete: 'off',
    spellCheck: false,
    placeholder,
    ...control,
    onFocus: () => {
      source?.onOpenChange(true);
      onEditing?.(true);
    },
    onBlur: () => {
      source?.onOpenChange(false);
      onEditing?.(false);
    },
    className: classes(controlLook, controlSizes.md, 'pr-8 font-medium placeholder:font-normal'),
  };
  const hintText = hint ? (
    <span className="pointer-events-none absolute right-8 max-w-[50%] truncate bg-surface pl-2 text-12 text-ink-3">
      {hint}
    </span>
  ) : null;
  const button = {
    'aria-label': openLabel,
    className: 'absolute right-1 grid size-6 place-items-center rounded-md text-ink-3',
    children: <ChevronDown aria-hidden className="size-3.5" />,
  };
  const groupClassName = 'relative flex min-w-0 items-center';
  if (part === null)
    return (
      <div className={groupClassName}>
        <StandInInput
          {...input}
          {...standIn}
          type="text"
          role="combobox"
          aria-haspopup="listbox"
          aria-autocomplete="list"
          aria-expanded={false}
          value={value}
          // A list that opens after the text is confirmed would cover the following fields, so confirming doesn't open
          // it.
          onChange={(event) => {
            void load();
            onChange(event.target.value);
          }}
        />
        {hintText}
        <button
          {...button}
          type="button"
          tabIndex={-1}
          aria-haspopup="listbox"
          aria-expanded={false}
          onClick={() => {
            source?.onOpenChange(true);
            open();
          }}
        />
      </div>
    );
  return (
    <part.AutocompleteList
      {...{ items, value, onChange, emptyText, input, hintText, button, groupClassName, source }}
      inputRef={takeOver.focus}
      defaultOpen={takeOver.isOpen}
    />
  );
}
