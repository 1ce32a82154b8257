import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Field } from './field';
import { Input } from './input';

type Wall = { readonly date: string; readonly time: string };

type WallFieldsProps = {
  /** What begins or ends then; the names of both fields begin with it. */
  readonly name: string;
  readonly mark?: ReactNode;
  readonly value: Wall;
  readonly onChange: (value: Wall) => void;
  /** Whether the time has seconds. */
  readonly seconds?: boolean;
  readonly error?: string | undefined;
};

/** A date and a time as the clock of some zone says them. The time is text: a browser's own field may show 12 hours. */
export function WallFields({ name, mark, value, onChange, seconds = false, error }: WallFieldsProps) {
  const t = useTranslations('ui');
  return (
    <div className="grid min-w-0 grid-cols-2 items-start gap-2">
      <Field
        label={
          <>
            {mark}
            {t('dateOf', { name })}
          </>
        }
        error={error}
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={value.date}
            onChange={(event) => onChange({ ...value, date: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('timeOf', { name })}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder={seconds ? '00:00:00' : '00:00'}
            value={value.time}
            onChange={(event) => onChange({ ...value, time: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
