'use client';

import { Autocomplete as Base } from '@base-ui/react/autocomplete';
import { ChevronDown } from 'lucide-react';
import { useMemo } from 'react';
import { classes } from '@/components/ui/classes';
import type { FieldControl } from '@/components/ui/field';
import { controlLook, controlSizes } from '@/components/ui/input';
import { FetchedFoot, fetchAtEnd } from './fetched-foot';
import { mergeOptions, type OptionSource } from './option-source';
import { matchOption, OptionText, type PickerOption, shownMax } from './picker-option';

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
  onChange,
  emptyText,
  placeholder,
  openLabel,
  onEditing,
  ...control
}: AutocompleteProps) {
  const items = useMemo(
    () =>
      mergeOptions(
        options.map((option) => ({ ...option, label: option.value })),
        source,
      ),
    [options, source],
  );
  const hint = items.find((option) => option.value === value)?.hint;
  return (
    <Base.Root
      items={items}
      itemToStringValue={(option: PickerOption) => option.value}
      filter={matchOption}
      limit={source === undefined ? shownMax : items.length}
      value={value}
      onValueChange={(text) => {
        source?.onSearch(text);
        onChange(text);
      }}
      openOnInputClick
      onOpenChange={source?.onOpenChange}
    >
      <Base.InputGroup className="relative flex min-w-0 items-center">
        <Base.Input
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          {...control}
          onFocus={() => {
            source?.onOpenChange(true);
            onEditing?.(true);
          }}
          onBlur={() => {
            source?.onOpenChange(false);
            onEditing?.(false);
          }}
          className={classes(controlLook, controlSizes.md, 'pr-8 font-medium placeholder:font-normal')}
        />
        {hint ? (
          <span className="pointer-events-none absolute right-8 max-w-[50%] truncate bg-surface pl-2 text-12 text-ink-3">
            {hint}
          </span>
        ) : null}
        <Base.Trigger
          aria-label={openLabel}
          className="absolute right-1 grid size-6 place-items-center rounded-md text-ink-3"
        >
          <ChevronDown aria-hidden className="size-3.5" />
        </Base.Trigger>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner className="z-50 outline-hidden" sideOffset={4}>
          <Base.Popup className="w-(--anchor-width) max-w-(--available-width) rounded-md border border-line-strong bg-raised text-ink shadow-float outline-hidden">
            <Base.Empty>
              {source === undefined || source.state === 'ready' ? (
                <div className="px-2.5 py-2 text-12 text-ink-2">{emptyText}</div>
              ) : null}
            </Base.Empty>
            <Base.List
              onScroll={fetchAtEnd(source)}
              className="max-h-[min(20rem,var(--available-height))] overflow-y-auto scroll-py-1 py-1 data-empty:hidden"
            >
              {(option: PickerOption) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  className="px-2.5 py-1.5 outline-hidden max-md:py-3 select-none data-highlighted:bg-accent-soft"
                >
                  <OptionText option={option} />
                </Base.Item>
              )}
            </Base.List>
            {source === undefined ? null : <FetchedFoot source={source} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
