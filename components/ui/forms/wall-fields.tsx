import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import { TextField } from './text-field';

type Wall = { readonly date: string; readonly time: string; readonly offset?: string };

type WallFieldsProps = {
  /** The name of the event at that time, which prefixes the names of both fields. */
  readonly name: string;
  readonly mark?: ReactNode;
  readonly value: Wall;
  readonly onChange: (value: Wall) => void;
  /** True if the time has seconds. */
  readonly seconds?: boolean;
  readonly error?: string | undefined;
  /** The possible UTC offsets, as `+02:00`, if the time occurs twice because the clocks go back. */
  readonly offsets?: readonly string[];
  /** True if the time does not exist because the clocks go forward. */
  readonly isSkipped?: boolean;
};

type TimeFieldProps = {
  readonly label: ReactNode;
  readonly note?: ReactNode;
  readonly error?: string | undefined;
  /** A time in the form that is asked for. */
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** A wall-clock time. It is a text field, because a browser's own field may use a 12-hour clock. */
export function TimeField({ placeholder = '00:00', value, onChange, ...field }: TimeFieldProps) {
  return (
    <TextField {...field} inputMode="numeric" placeholder={placeholder} value={value} onType={onChange} />
  );
}

/** A wall-clock date and time in some time zone. */
export function WallFields({
  name,
  mark,
  value,
  onChange,
  seconds = false,
  error,
  offsets = [],
  isSkipped = false,
}: WallFieldsProps) {
  const t = useTranslations('ui');
  const message = useMessage('ui.refusal');
  return (
    <div className="grid min-w-0 grid-cols-2 items-start gap-2">
      <TextField
        label={
          <>
            {mark}
            {t('dateOf', { name })}
          </>
        }
        error={isSkipped ? message('instant.skipped') : error}
        type="date"
        value={value.date}
        onType={(date) => onChange({ date, time: value.time })}
      />
      <TimeField
        label={t('timeOf', { name })}
        placeholder={seconds ? '00:00:00' : '00:00'}
        value={value.time}
        onChange={(time) => onChange({ date: value.date, time })}
      />
      {offsets.length === 0 ? null : (
        <div className="col-span-2">
          <Field label={t('offsetOf', { name })} note={t('twice')}>
            {(control) => (
              <Select
                {...control}
                value={value.offset !== undefined && offsets.includes(value.offset) ? value.offset : ''}
                placeholder={t('chooseOffset')}
                onChange={(offset) => onChange({ ...value, offset })}
                options={offsets.map((offset) => ({ value: offset, label: t('utc', { offset }) }))}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}
