'use client';

import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, ChevronDown, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { classes } from '@/components/ui/classes';
import type { FieldControl } from '@/components/ui/field';
import { controlLook } from '@/components/ui/input';
import { matchOption, OptionText, type PickerOption, shownMax, sortOptions } from './picker-option';

type PickerProps = Partial<FieldControl> & {
  readonly options: readonly PickerOption[];
  /** `''` = nothing chosen yet. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly disabled?: boolean;
  readonly size?: 'sm' | 'md';
  /** Only if there is no visible label beside it. */
  readonly 'aria-label'?: string;
};

/**
 * One choice from a list of any length, found by typing; role combobox. Options that can't serve are marked, with the
 * reason, and come last. They can be chosen all the same: the form then says what is wrong.
 */
export function Picker(props: PickerProps) {
  const { options, value, onChange, placeholder, disabled = false, size = 'md', ...control } = props;
  const t = useTranslations('ui.picker');
  const [query, setQuery] = useState('');
  const items = useMemo(() => sortOptions(options), [options]);
  const chosen = items.find((option) => option.value === value) ?? null;
  const hidden = items.filter((option) => matchOption(option, query)).length - shownMax;
  return (
    <Base.Root
      items={items}
      value={chosen}
      onValueChange={(option) => {
        if (option !== null) onChange(option.value);
      }}
      itemToStringLabel={(option: PickerOption) => option.label}
      isItemEqualToValue={(a: PickerOption, b: PickerOption) => a.value === b.value}
      filter={matchOption}
      limit={shownMax}
      onInputValueChange={setQuery}
      autoHighlight
      disabled={disabled}
    >
      <Base.Trigger
        {...control}
        className={classes(
          controlLook,
          'flex items-center gap-2 text-left whitespace-nowrap',
          size === 'sm' ? 'h-6 px-2 text-12' : 'h-8 px-2.5',
        )}
      >
        <span className={classes('min-w-0 truncate', chosen === null && 'text-ink-3')}>
          {chosen?.label ?? placeholder}
        </span>
        {chosen?.hint ? <span className="ml-auto truncate text-12 text-ink-3">{chosen.hint}</span> : null}
        <ChevronDown
          aria-hidden
          className={classes('size-3.5 shrink-0 text-ink-3', !chosen?.hint && 'ml-auto')}
        />
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
                className="h-8 w-full bg-transparent pr-2.5 pl-8 outline-hidden"
              />
            </div>
            <Base.Empty>
              <div className="px-2.5 py-2 text-12 text-ink-2">{t('none')}</div>
            </Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto scroll-py-1 py-1 data-empty:hidden">
              {(option: PickerOption) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  className="grid grid-cols-[1rem_minmax(0,1fr)] items-baseline gap-x-2 px-2.5 py-1.5 outline-hidden select-none data-highlighted:bg-accent-soft"
                >
                  <Base.ItemIndicator className="self-center">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <OptionText option={option} className="col-start-2" />
                </Base.Item>
              )}
            </Base.List>
            <div aria-live="polite">
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
