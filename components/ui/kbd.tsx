/** The key that does the same as the button it stands in. Read by nobody but the eyes: it would clutter the name. */
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
