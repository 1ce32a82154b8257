import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';

type NetworkFieldProps = {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly placeholder: string;
  /** Shown if there is nothing to choose from, in which case an id is typed. */
  readonly unreadNote: string;
  /** An example of the start of its id. */
  readonly idExample: string;
};

/** A network of a region, chosen by its name, or typed by its id if the list could not be read. */
export function NetworkField(props: NetworkFieldProps) {
  const { label, options, value, onChange, error, placeholder, unreadNote, idExample } = props;
  const isListed = options.length > 0;
  return (
    <Field label={label} error={error} note={isListed ? undefined : unreadNote}>
      {(control) =>
        isListed ? (
          <Select
            {...control}
            options={options}
            value={value}
            onChange={onChange}
            placeholder={placeholder}
          />
        ) : (
          <Input
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
            placeholder={idExample}
          />
        )
      }
    </Field>
  );
}
