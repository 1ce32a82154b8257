import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { RouteFieldFrame } from '@/components/diversion/routes/route-field';
import { Input } from '@/components/ui/input';
import { FormRow } from './form-row';
import type { DiversionForm } from './use-diversion-form';

/**
 * Takes what was typed into a field that the server rendered, before the code of its part was loaded.
 * @returns the ref of the field
 */
export function useTypedBefore(
  value: string,
  take: (text: string) => void,
): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef({ value, take });
  latest.current = { value, take };
  useEffect(() => {
    const now = latest.current;
    const typed = field.current?.value ?? now.value;
    if (typed !== now.value) now.take(typed);
  }, []);
  return field;
}

/** Fields of the whole diversion that hold one optional integer. */
type OptionalNumberField = 'lowerTtlS' | 'expectedPeakRps' | 'prewarmS';

type NumberRowProps = {
  readonly form: DiversionForm;
  readonly field: OptionalNumberField;
  readonly title: string;
  readonly label: string;
  readonly unit: string;
  /** Shown while it is empty. */
  readonly placeholder: string;
  readonly note: ReactNode;
};

/** A row of the form with one optional number. */
export function NumberRow({ form, field, title, label, unit, placeholder, note }: NumberRowProps) {
  const value = form.draft[field];
  const text = value === null ? '' : wholeText(value);
  const change = (typed: string) => form.change({ [field]: typed.trim() === '' ? null : wholeNumber(typed) });
  const ref = useTypedBefore(text, change);
  return (
    <FormRow title={title}>
      <RouteFieldFrame {...{ field, label, note }} onFix={form.fix} {...form.stateOf(field)}>
        {(control) => (
          <Input
            {...control}
            ref={ref}
            className="max-w-56"
            inputMode="numeric"
            unit={unit}
            placeholder={placeholder}
            value={text}
            onChange={({ target }) => change(target.value)}
          />
        )}
      </RouteFieldFrame>
    </FormRow>
  );
}
