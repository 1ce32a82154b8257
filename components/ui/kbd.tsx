/**
 * The keyboard shortcut of the button that contains it. Hidden from screen readers, because it would clutter the
 * button's name.
 */
export function Kbd({ children }: { readonly children: string }) {
  return (
    <kbd
      aria-hidden
      className="rounded-[3px] border border-current/35 px-1 font-sans text-11 leading-4 font-medium opacity-80"
    >
      {children}
    </kbd>
  );
}

/** The keys of a shortcut side by side, named as in `Shift R`. */
export function KeyNames({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split(' ').map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
}
