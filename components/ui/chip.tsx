import { Circle, CircleAlert, CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export type ChipTone = 'neutral' | 'ok' | 'warn' | 'bad' | 'plan' | 'cvm' | 'scf' | 'accent';

const tones: Readonly<Record<ChipTone, string>> = {
  neutral: 'border-line-strong bg-surface text-ink-2',
  ok: 'border-ok-line bg-ok-soft text-ok-ink',
  warn: 'border-warn-line bg-warn-soft text-warn-ink',
  bad: 'border-bad-line bg-bad-soft text-bad-ink',
  plan: 'border-dashed border-control text-ink-2',
  cvm: 'border-cvm-line bg-cvm-soft text-cvm-ink',
  scf: 'border-scf-line bg-scf-soft text-scf-ink',
  accent: 'border-accent bg-accent text-on-accent',
};

type ChipProps = { readonly tone?: ChipTone; readonly icon?: ReactNode; readonly children: ReactNode };

/** A small label. The text carries the meaning; colour and icon only repeat it. */
export function Chip({ tone = 'neutral', icon, children }: ChipProps) {
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-11 leading-none font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:stroke-[2.1]',
        tones[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}

/** The glyph of a backend kind: CVM a solid square, SCF a hatched circle. */
export function KindMark({ kind }: { readonly kind: 'cvm' | 'scf' }) {
  return (
    <span
      aria-hidden
      className={classes(
        'inline-block size-2.5 shrink-0',
        kind === 'cvm' ? 'rounded-[1px] bg-cvm' : 'rounded-full bg-hatch-scf',
      )}
    />
  );
}

export type StatusTone = 'ok' | 'warn' | 'bad' | 'off' | 'info';

const statusIcons = { ok: CircleCheck, warn: TriangleAlert, bad: CircleX, off: Circle, info: CircleAlert };
const statusColours: Readonly<Record<StatusTone, { text: string; icon: string }>> = {
  ok: { text: '', icon: 'text-ok' },
  warn: { text: 'text-warn-ink', icon: 'text-warn-ink' },
  bad: { text: 'text-bad-ink', icon: 'text-bad' },
  off: { text: 'text-ink-3', icon: '' },
  info: { text: 'text-ink-2', icon: 'text-ink-3' },
};

/** A state as text with its icon. A healthy state is subdued: only the tick is green. */
export function Status({ tone, children }: { readonly tone: StatusTone; readonly children: ReactNode }) {
  const Icon = statusIcons[tone];
  return (
    <span className={classes('inline-flex items-center gap-1.5 whitespace-nowrap', statusColours[tone].text)}>
      <Icon aria-hidden className={classes('size-3.5 shrink-0', statusColours[tone].icon)} />
      {children}
    </span>
  );
}
