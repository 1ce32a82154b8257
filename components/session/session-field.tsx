import type { ReactNode } from 'react';
import { TextField } from '@/components/ui/forms/text-field';

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
export function SessionField(props: SessionFieldProps) {
  const type = props.name === 'email' || props.name === 'password' ? props.name : 'text';
  return <TextField {...props} type={type} />;
}
