'use client';

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';

type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
};

/** A few exclusive choices side by side; a radio group for keyboards and screen readers. */
export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={onChange}
      className="inline-flex gap-0.5 rounded-md border border-line-strong bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          aria-label={option.label}
          className="inline-flex h-6.5 cursor-pointer items-center gap-1.5 rounded-[3px] px-2.5 text-12 font-medium whitespace-nowrap text-ink-2 hover:text-ink data-checked:bg-surface data-checked:text-ink data-checked:ring-1 data-checked:ring-line-strong dark:data-checked:bg-accent-soft [&_svg]:size-3.5"
        >
          {option.icon}
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

type SegmentedFieldProps<T extends string> = SegmentedProps<T> & { readonly note?: ReactNode };

/** The same as a field of a form, with its label above and a note below. */
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
