import type { ReactNode } from 'react';

/** A list of names and values, separated by hairlines. Put `Fact`s inside. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="text-12 leading-5 [&>div]:border-b [&>div]:border-line [&>div:last-child]:border-b-0">
      {children}
    </dl>
  );
}

export function FactRow({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 py-0.75">
      <dt className="shrink-0 text-ink-2">{name}</dt>
      <dd className="ml-auto min-w-0 text-right break-words">{children}</dd>
    </div>
  );
}
