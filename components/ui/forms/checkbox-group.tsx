type CheckboxGroupProps<T extends string | number> = {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: readonly T[];
  /** Called with what is chosen then, in the order of the options. */
  readonly onChange: (chosen: readonly T[]) => void;
  readonly note?: string;
  readonly error?: string | undefined;
};

/** Any number of a few choices. */
export function CheckboxGroup<T extends string | number>({
  label,
  options,
  chosen,
  onChange,
  note,
  error,
}: CheckboxGroupProps<T>) {
  const toggle = (toggled: T) => {
    const isChosen = (value: T) => chosen.includes(value) !== (value === toggled);
    onChange(options.map(({ value }) => value).filter(isChosen));
  };
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-12 font-medium text-ink-2">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {options.map(({ value, label: name }) => (
          <label key={value} className="inline-flex min-h-6 items-center gap-1.5">
            <input
              type="checkbox"
              className="accent-accent"
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            {name}
          </label>
        ))}
      </div>
      {error !== undefined ? (
        <p className="text-12 text-bad-ink">{error}</p>
      ) : note !== undefined ? (
        <p className="text-12 text-ink-2">{note}</p>
      ) : null}
    </fieldset>
  );
}
