'use client';

import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentProps, type RefObject, useState } from 'react';
import { matchOption, OptionText, type PickerOption, shownMax } from './picker-option';

type PickerListProps = {
  readonly items: readonly PickerOption[];
  readonly chosen: PickerOption | null;
  readonly onChange: (value: string) => void;
  readonly disabled: boolean;
  /** The button with its content. */
  readonly trigger: ComponentProps<'button'>;
  readonly triggerRef: RefObject<HTMLButtonElement | null>;
  readonly defaultOpen: boolean;
};

/** The button and the searchable list that it opens. */
export function PickerList(props: PickerListProps) {
  const { items, chosen, onChange, disabled, trigger, triggerRef, defaultOpen } = props;
  const t = useTranslations('ui.picker');
  const [query, setQuery] = useState('');
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
      defaultOpen={defaultOpen}
    >
      <Base.Trigger {...trigger} ref={triggerRef} />
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
              <div className="px-2.5 py-2 text-12 text-ink-2">{t('none')}</div>
            </Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto scroll-py-1 py-1 data-empty:hidden">
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
