import { CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import type { Control } from '@/components/capacity/model/list-controls';
import { classes } from '@/components/ui/classes';
import { controlLook } from '@/components/ui/input';

type SliderFieldProps = {
  readonly control: Control;
  readonly label: string;
  readonly onChange: (value: number) => void;
};

/** Numbers as inputs show them: at most four digits after the point. */
const write = (value: number) => String(Number(value.toFixed(4)));

/**
 * A number as a slider and as text. The text may be any value that the model accepts, also beyond the slider's end; an
 * invalid one stays, with its error, and changes nothing.
 */
export function SliderField({ control, label, onChange }: SliderFieldProps) {
  const t = useTranslations('capacity.inputs');
  const id = useId();
  const { value, min, max, sliderMax, step } = control;
  /** The text as typed; null = that of the value. */
  const [typed, setTyped] = useState<string | null>(null);
  const isInvalid = typed !== null && !isWithin(typed, min, max);
  const unit = t(`unit.${control.unit}`);
  const least = Math.max(min, Math.min(0, value));
  const change = (text: string) => {
    setTyped(text);
    if (isWithin(text, min, max)) onChange(Number(text));
  };
  return (
    <div className="grid gap-0.5">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="min-w-0 flex-1 text-12 font-medium text-ink-2">
          {label}
        </label>
        <span className="relative flex w-30 shrink-0 items-center">
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            value={typed ?? write(value)}
            onChange={(event) => change(event.target.value)}
            onBlur={() => (isInvalid ? undefined : setTyped(null))}
            aria-invalid={isInvalid || undefined}
            aria-describedby={isInvalid ? `${id}-message` : `${id}-unit`}
            className={classes(controlLook, 'h-7 pr-16 pl-2 text-right font-semibold tabular-nums')}
          />
          <span id={`${id}-unit`} className="pointer-events-none absolute right-2 w-13 text-12 text-ink-3">
            {unit}
          </span>
        </span>
      </div>
      <input
        type="range"
        min={least}
        max={Math.max(sliderMax, least + step)}
        step={step}
        value={value}
        onChange={(event) => {
          setTyped(null);
          onChange(Math.min(max, Math.max(min, Number(event.target.value))));
        }}
        aria-label={t('slider', { label })}
        aria-valuetext={t('value', { value: write(value), unit })}
        className="h-6 w-full cursor-pointer accent-accent"
      />
      {isInvalid ? (
        <p id={`${id}-message`} className="flex gap-1.5 text-12 text-bad-ink">
          <CircleX aria-hidden className="mt-px size-3.5 shrink-0 text-bad" />
          <span>
            {t('invalid', { min: write(min), max: write(max) })} {t('invalidNote')}
          </span>
        </p>
      ) : null}
    </div>
  );
}

function isWithin(text: string, min: number, max: number): boolean {
  const value = Number(text);
  return /^-?\d+([.]\d*)?$/.test(text.trim()) && value >= min && value <= max;
}
