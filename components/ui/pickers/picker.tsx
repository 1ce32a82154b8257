'use client';

import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { ChosenOption } from '@/components/ui/chosen-option';
import { classes } from '@/components/ui/classes';
import type { FieldControl } from '@/components/ui/field';
import { controlLook, controlSizes } from '@/components/ui/input';
import { FetchedFoot, fetchAtEnd } from './fetched-foot';
import { mergeOptions, type OptionSource } from './option-source';
import { matchOption, OptionText, type PickerOption, shownMax } from './picker-option';

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
  const t = useTranslations('ui.picker');
  const [query, setQuery] = useState('');
  const items = useMemo(() => mergeOptions(options, source), [options, source]);
  const [picked, setPicked] = useState<PickerOption | null>(null);
  // What was picked from a search is not among the first options.
  const chosen = [...items, picked].find((option) => option?.value === value) ?? null;
  // What is fetched comes in parts, and all of it is shown.
  const limit = source === undefined ? shownMax : items.length;
  const hidden = source?.more ?? items.filter((option) => matchOption(option, query)).length - shownMax;
  // What is always there must not be taken by Enter while what is typed is still searched.
  const isLoading = source?.state === 'loading';
  return (
    <Base.Root
      items={isLoading ? source.options : items}
      value={chosen}
      onValueChange={(option) => {
        if (option === null) return;
        setPicked(option);
        onChange(option.value);
      }}
      itemToStringLabel={(option: PickerOption) => option.label}
      isItemEqualToValue={(a: PickerOption, b: PickerOption) => a.value === b.value}
      filter={matchOption}
      limit={limit}
      onInputValueChange={(text) => {
        setQuery(text);
        source?.onSearch(text);
      }}
      onOpenChange={source?.onOpenChange}
      autoHighlight
      disabled={disabled}
    >
      <Base.Trigger
        {...control}
        className={classes(
          controlLook,
          'flex items-center gap-2 text-left whitespace-nowrap',
          controlSizes[size],
        )}
      >
        <ChosenOption label={chosen?.label ?? placeholder} hint={chosen?.hint} isEmpty={chosen === null} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-50 outline-hidden" sideOffset={4}>
          <Base.Popup className="w-[min(32rem,calc(100vw-1rem))] min-w-(--anchor-width) rounded-md border border-line-strong bg-raised text-ink shadow-float outline-hidden">
            <div className="relative flex items-center border-b border-line">
              <Search aria-hidden className="pointer-events-none absolute left-2.5 size-3.5 text-ink-3" />
              <Base.Input
                aria-label={t('search')}
                placeholder={t('search')}
                autoComplete="off"
                spellCheck={false}
                className="h-8 w-full bg-transparent pr-2.5 max-md:min-h-11 pl-8 outline-hidden"
              />
            </div>
            <Base.Empty>
              {source === undefined || source.state === 'ready' ? (
                <div className="px-2.5 py-2 text-12 text-ink-2">{t('none')}</div>
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
                  className="grid grid-cols-[1rem_minmax(0,1fr)] items-baseline gap-x-2 px-2.5 py-1.5 outline-hidden max-md:py-3 select-none data-highlighted:bg-accent-soft"
                >
                  <Base.ItemIndicator className="self-center">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <OptionText option={option} className="col-start-2" />
                </Base.Item>
              )}
            </Base.List>
            <div aria-live="polite">
              {source === undefined ? null : <FetchedFoot source={source} />}
              {hidden > 0 ? (
                <p className="border-t border-line px-2.5 py-1.5 text-12 text-ink-2">
                  {t('more', { count: hidden })}
                </p>
              ) : null}
            </div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
