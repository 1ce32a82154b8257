import type { ReactNode } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type SessionFieldProps = {
  readonly label: string;
  readonly note?: ReactNode;
  readonly error: string | undefined;
  readonly name: 'name' | 'email' | 'password' | 'code';
  /** For password managers: https://html.spec.whatwg.org/#autofill */
  readonly autoComplete: 'name' | 'username' | 'current-password' | 'new-password' | 'one-time-code';
  readonly value: string;
  readonly onType: (value: string) => void;
};

/** A field of a form for someone who is not signed in. */
export function SessionField({ label, note, error, name, value, onType, autoComplete }: SessionFieldProps) {
  return (
    <Field label={label} note={note} error={error}>
      {(control) => (
        <Input
          {...control}
          {...{ name, autoComplete, value }}
          type={name === 'email' || name === 'password' ? name : 'text'}
          onChange={(event) => onType(event.target.value)}
        />
      )}
    </Field>
  );
}
