/** The most rows that a print has. */
export const printedMax = 5000;

/** A spacer for rows that are not rendered. */
export function RowSpace({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden className="max-md:block" style={{ height: px }}>
      <td colSpan={columns} className="max-md:hidden" />
    </tr>
  );
}
