'use client';

import { type ReactNode, useId } from 'react';

type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
};

/** A few exclusive choices side by side; a radio group for keyboards and screen readers. */
export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex gap-0.5 rounded-md border border-line-strong bg-sunken p-0.5"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative inline-flex h-6.5 cursor-pointer items-center gap-1.5 rounded-[3px] px-2.5 text-12 font-medium whitespace-nowrap text-ink-2 hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:ring-1 has-checked:ring-line-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus dark:has-checked:bg-accent-soft [&_svg]:size-3.5"
        >
          <input
            type="radio"
            name={name}
            aria-label={option.label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            // Enter would submit the surrounding form.
            onKeyDown={(event) => (event.key === 'Enter' ? event.preventDefault() : undefined)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-[3px] outline-hidden"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}

type SegmentedFieldProps<T extends string> = SegmentedProps<T> & { readonly note?: ReactNode };

/** The same as a form field, with its label above and a note below. */
export function SegmentedField<T extends string>({ note, ...segmented }: SegmentedFieldProps<T>) {
  return (
    <div className="grid gap-1">
      <span aria-hidden className="text-12 font-medium text-ink-2">
        {segmented.label}
      </span>
      <div>
        <Segmented {...segmented} />
      </div>
      {note ? <p className="text-12 text-ink-2">{note}</p> : null}
    </div>
  );
}
