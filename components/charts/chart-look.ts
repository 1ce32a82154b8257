/** Styles shared by all charts: subdued axes, and a tooltip that looks like other floating elements. */
export const axisText = { fontSize: 11, fill: 'var(--ink-3)' };
export const labelText = { fontSize: 11, fill: 'var(--ink-2)' };

export const tooltipLook = {
  background: 'var(--raised)',
  border: '1px solid var(--line-strong)',
  borderRadius: 4,
  color: 'var(--ink)',
  fontSize: 12,
};
