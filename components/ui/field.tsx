import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classes } from './classes';

/** The props that connect a control to its field; spread them onto the control. */
export type FieldControl = {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly 'data-warning'?: '';
};

type FieldProps = {
  readonly label: ReactNode;
  readonly note?: ReactNode;
  /** States the rule, the value that violates it, then the shortest fix. */
  readonly error?: ReactNode;
  readonly warning?: ReactNode;
  /** Links or buttons that fix it, below the message. */
  readonly fix?: ReactNode;
  readonly children: (control: FieldControl) => ReactNode;
};

/** The props of a group of fields that edit a draft. */
export type DraftFieldsProps<Draft> = {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** Returns the error of a field of the input, by its path and the value that is shown. */
  readonly errorOf: (field: string, value: unknown) => string | undefined;
};

const messages = {
  error: { icon: CircleX, text: 'text-bad-ink', mark: 'text-bad' },
  warning: { icon: TriangleAlert, text: 'text-warn-ink', mark: 'text-warn-ink' },
  note: { icon: Info, text: 'text-ink-2', mark: 'text-ink-3' },
};

/** A label, a control and the most important message: error, otherwise warning, otherwise note. */
export function Field({ label, note, error, warning, fix, children }: FieldProps) {
  const id = useId();
  const kind = error ? 'error' : warning ? 'warning' : 'note';
  const message = error || warning || note;
  const messageId = `${id}-message`;
  const look = messages[kind];
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className="flex items-center gap-1.5 text-12 font-medium text-ink-2">
        {label}
      </label>
      {children({
        id,
        ...(message ? { 'aria-describedby': messageId } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
        ...(!error && warning ? { 'data-warning': '' as const } : {}),
      })}
      {message ? (
        <div id={messageId} className={classes('flex gap-1.5 pt-px text-12', look.text)}>
          <look.icon aria-hidden className={classes('mt-px size-3.5 shrink-0', look.mark)} />
          <div className="min-w-0">
            {message}
            {fix ? <div className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-ink-2">{fix}</div> : null}
          </div>
        </div>
      ) : null}
    </div>
  );
}
