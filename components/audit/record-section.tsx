import type { ReactNode } from 'react';

/** A part of a record, with its heading. */
export function RecordSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-3 border-t border-line-strong pt-4">
      <h2 className="text-16 break-after-avoid">{title}</h2>
      {children}
    </section>
  );
}
