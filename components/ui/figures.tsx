import type { ReactNode } from 'react';

/** The strip of labelled figures at the head of a page. Put `Figure`s inside. */
export function Figures({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="grid grid-cols-2 border-b border-line bg-surface md:flex [&>*]:border-line max-md:[&>*:nth-child(2n)]:border-l max-md:[&>*:nth-child(n+3)]:border-t md:[&>*+*]:border-l max-md:[&>*:last-child:nth-child(odd)]:col-span-2"
    >
      {children}
    </section>
  );
}

type FigureProps = {
  readonly icon: ReactNode;
  readonly name: string;
  readonly value: ReactNode;
  readonly unit?: string;
  /** The source or the breakdown of the figure. */
  readonly detail?: ReactNode;
};

export function FigureTile({ icon, name, value, unit, detail }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-0.5 px-3 pt-2.5 pb-3 md:px-4">
      <div className="flex items-center gap-1.5 text-12 whitespace-nowrap text-ink-2 [&_svg]:size-3.5">
        {icon}
        {name}
      </div>
      <div className="text-[1.375rem] leading-7 font-[580] tracking-[-0.02em] tabular-nums">
        {value}
        {unit ? <span className="ml-1.5 text-12 font-medium tracking-normal text-ink-2">{unit}</span> : null}
      </div>
      {detail ? (
        <div className="text-11 text-pretty text-ink-3 md:max-lg:[&_*]:whitespace-normal">{detail}</div>
      ) : null}
    </div>
  );
}
