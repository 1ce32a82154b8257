/** The logo: a dam and the water that flows over it. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7.5">
      <path d="M4 29V14h5.5c8 0 6.5 10.5 14 11.6l4.5.4V29z" fill="var(--brand-dam)" />
      <path
        d="M4 8.5h6.5c9.5 0 7.5 11.2 16 12.2H28"
        fill="none"
        stroke="var(--brand-water)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
