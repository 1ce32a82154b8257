import type { ComponentProps } from 'react';
import type { CodeEditor } from './code-editor';

/** A code field without syntax colours, used if the editor can't be loaded. */
export function PlainCodeField({ label, describedBy, value, onChange }: ComponentProps<typeof CodeEditor>) {
  return (
    <textarea
      aria-label={label}
      aria-describedby={describedBy}
      spellCheck={false}
      className="mono block h-60 w-full bg-surface p-2"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
