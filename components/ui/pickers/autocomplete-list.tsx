'use client';

import { Autocomplete as Base } from '@base-ui/react/autocomplete';
import type { ComponentProps, ReactNode, RefObject } from 'react';
import { FetchedFoot, fetchAtEnd } from './fetched-foot';
import type { OptionSource } from './option-source';
import { matchOption, OptionText, type PickerOption, shownMax } from './picker-option';

type AutocompleteListProps = {
  readonly items: readonly PickerOption[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly emptyText: string;
  readonly input: ComponentProps<'input'>;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly hintText: ReactNode;
  /** The button that opens the list. */
  readonly button: ComponentProps<'button'>;
  readonly groupClassName: string;
  readonly defaultOpen: boolean;
  /** Absent = all suggestions are there. */
  readonly source: OptionSource | undefined;
};

/** The text field and its list of suggestions. */
export function AutocompleteList(props: AutocompleteListProps) {
  const {
    items,
    value,
    onChange,
    emptyText,
    input,
    inputRef,
    hintText,
    button,
    groupClassName,
    defaultOpen,
    source,
  } = props;
  return (
    <Base.Root
      items={items}
      itemToStringValue={(option: PickerOption) => option.value}
      filter={matchOption}
      limit={source === undefined ? shownMax : items.length}
      value={value}
      onValueChange={onChange}
      openOnInputClick
      onOpenChange={source?.onOpenChange}
      defaultOpen={defaultOpen}
    >
      <Base.InputGroup className={groupClassName}>
        <Base.Input {...input} ref={inputRef} />
        {hintText}
        <Base.Trigger {...button} />
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
