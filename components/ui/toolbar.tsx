'use client';

import { Search } from 'lucide-react';
import { type ReactNode, startTransition, useOptimistic, useRef } from 'react';
import { classes } from './classes';
import { Input } from './input';
import { Select } from './select';
import { useShortcuts } from './use-shortcuts';

/** The row of filters and actions above the content of a page. `flush` is for pages without a frame. */
export function Toolbar({
  flush = false,
  children,
}: {
  readonly flush?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={`flex min-h-12 flex-wrap items-center gap-2 ${flush ? 'px-3 py-2 md:px-4' : ''}`}>
      {children}
    </div>
  );
}

type SearchInputProps = {
  readonly label: string;
  /** Examples of searchable values. */
  readonly hint: string;
  readonly value: string;
  readonly onChange: (words: string) => void;
};

/**
 * Provides the text of an input that filters a page. A typed letter shows at once; the page, which may be large,
 * renders after it, and a next letter interrupts that.
 */
function useFilterText(value: string, onChange: (text: string) => void) {
  const [text, show] = useOptimistic(value);
  const change = (next: string) =>
    startTransition(() => {
      show(next);
      onChange(next);
    });
  return { text, change };
}

/** Searches the content of the page; `/` moves the focus to it. */
export function SearchInput({ label, hint, value, onChange }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const { text, change } = useFilterText(value, onChange);
  useShortcuts({ '/': () => input.current?.focus() });
  return (
    <Input
      ref={input}
      type="search"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={hint}
      icon={<Search aria-hidden />}
      value={text}
      onChange={(event) => change(event.target.value)}
      className="w-64 max-md:w-full"
    />
  );
}

type FilterInputProps = Omit<SearchInputProps, 'hint'>;

/** Filters the table of a panel by the typed text. */
export function FilterInput({ label, value, onChange }: FilterInputProps) {
  const { text, change } = useFilterText(value, onChange);
  return (
    <Input
      type="search"
      size="sm"
      className="w-56 max-md:w-40"
      icon={<Search aria-hidden />}
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  );
}

type FilterSelectProps<T extends string> = {
  readonly label: string;
  /** The name of the option that filters nothing. */
  readonly any: string;
  readonly values: readonly T[];
  /** Returns the name of a value; by default the value itself. */
  readonly nameOf?: (value: T) => string;
  /** null = any. */
  readonly value: T | null;
  readonly onChange: (value: T | null) => void;
  readonly icon?: ReactNode;
  readonly className: string;
};

const anyValue = 'any';

/** Filters by one of a few values, or by none. On small screens two fit side by side, at a readable width. */
export function FilterSelect<T extends string>(props: FilterSelectProps<T>) {
  const { label, any, values, nameOf = (value) => value, value, onChange, icon, className } = props;
  return (
    <Select<string>
      aria-label={label}
      icon={icon}
      value={value ?? anyValue}
      onChange={(chosen) => onChange(values.find((each) => each === chosen) ?? null)}
      options={[
        { value: anyValue, label: any },
        ...values.map((each) => ({ value: each, label: nameOf(each) })),
      ]}
      className={classes(className, 'max-md:w-auto! max-md:flex-[1_0_9.5rem]')}
    />
  );
}

type FilterCheckboxProps = {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
};

/** Filters by a yes or no. */
export function FilterCheckbox({ label, checked, onChange }: FilterCheckboxProps) {
  return (
    <label className="inline-flex h-8 items-center gap-1.5 text-12 whitespace-nowrap">
      <input
        type="checkbox"
        className="accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
