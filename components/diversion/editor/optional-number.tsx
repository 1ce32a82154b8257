import { type RefObject, useEffect, useRef } from 'react';
import { fieldId } from '@/components/diversion/draft/field-id';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { FindingLines } from '@/components/diversion/findings/finding-lines';
import { Input } from '@/components/ui/input';
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

/** Returns the findings about such a number, without those that passed. */
function numberProblem(form: DiversionForm, field: OptionalNumberField) {
  const { errors, findings } = form.stateOf(field);
  return { errors, wrong: findings.filter(({ status }) => status !== 'pass') };
}

type OptionalNumberProps = {
  readonly form: DiversionForm;
  readonly field: OptionalNumberField;
  readonly label: string;
  readonly unit: string;
  /** Shown while it is empty. */
  readonly placeholder: string;
};

/** The number's control; `OptionalNumberNotes` must be rendered beside it. */
export function OptionalNumber({ form, field, label, unit, placeholder }: OptionalNumberProps) {
  const { errors, wrong } = numberProblem(form, field);
  const value = form.draft[field];
  const isBad = errors.length > 0 || wrong.some(({ status }) => status === 'block');
  const id = fieldId(field);
  const text = value === null ? '' : wholeText(value);
  const change = (typed: string) => form.change({ [field]: typed.trim() === '' ? null : wholeNumber(typed) });
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-12 font-medium text-ink-2">
        {label}
      </label>
      <Input
        ref={useTypedBefore(text, change)}
        id={id}
        aria-describedby={`${id}-message`}
        aria-invalid={isBad || undefined}
        inputMode="numeric"
        unit={unit}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => change(target.value)}
      />
    </div>
  );
}

type OptionalNumberNotesProps = Pick<OptionalNumberProps, 'form' | 'field'> & {
  readonly note: string;
  /** Also show passes. */
  readonly withPassed?: boolean;
  readonly className?: string;
};

/** The number's errors, findings and purpose. */
export function OptionalNumberNotes(props: OptionalNumberNotesProps) {
  const { form, field, note, withPassed = false, className = '' } = props;
  const { errors, wrong } = numberProblem(form, field);
  const findings = withPassed ? form.stateOf(field).findings : wrong;
  return (
    <div id={`${fieldId(field)}-message`} className={`grid gap-1 text-12 ${className}`}>
      {errors.map((error) => (
        <p key={error} className="text-bad-ink">
          {error}
        </p>
      ))}
      <FindingLines findings={findings} onFix={form.fix} actionsOf={() => []} />
      <p className="text-ink-2">{note}</p>
    </div>
  );
}
