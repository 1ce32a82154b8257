import type { ComponentProps } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type TextFieldProps = Omit<ComponentProps<typeof Field>, 'children'> &
  Omit<ComponentProps<typeof Input>, 'value' | 'onChange' | 'children'> & {
    readonly value: string;
    readonly onType: (value: string) => void;
  };

/** A field for one line of text. All props beyond those of `Field` are the input's. */
export function TextField({ label, note, error, warning, fix, onType, ...input }: TextFieldProps) {
  return (
    <Field {...{ label, note, error, warning, fix }}>
      {(control) => <Input {...input} {...control} onChange={(event) => onType(event.target.value)} />}
    </Field>
  );
}
