import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { phaseLook } from '@/components/steps/phase-look';
import { classes } from '@/components/ui/classes';
import { formatInstant } from '@/components/ui/format-time';
import type { ScheduledCutover } from '@/lib/contract/schedule';
import { routes } from '@/lib/routes';
import { phaseSpans, staysOpen } from './cutover-spans';
import { type Night, type Piece, pieceIn } from './nights';
import { isCutoverOver } from './split-by-time';

type CutoverBarProps = {
  readonly cutover: ScheduledCutover;
  readonly night: Night;
  readonly piece: Piece;
  readonly lane: number;
  readonly zone: string;
  readonly isInConflict: boolean;
};

const percent = (share: number) => `${share * 100}%`;
export const laneHeightPx = 58;

/** A cutover in one night: its name and state above its phases, linked to its run. */
export function CutoverBar({ cutover, night, piece, lane, zone, isInConflict }: CutoverBarProps) {
  const t = useTranslations('schedule.week');
  const state = useTranslations('run.state');
  const { t0, t1 } = cutover.cutover;
  const label = t('bar', {
    name: cutover.name,
    state: state(cutover.state === 'done' && cutover.hasOutage ? 'doneWithOutage' : cutover.state),
    t0: formatInstant(t0, zone, null),
    back: t1 === null ? t('stays') : t('back', { t1: formatInstant(t1, zone, null) }),
  });
  // Near the end of the night the name is right-aligned, so that it stays inside.
  const isLate = piece.left > 0.72;
  const isOpen = staysOpen(cutover);
  return (
    <li
      className="absolute z-2"
      style={{ left: percent(piece.left), width: percent(piece.width), top: 12 + lane * laneHeightPx }}
    >
      <Link href={routes.run(cutover.runId)} aria-label={label} className="group block h-12 min-w-2.5">
        <span
          className={classes(
            'absolute top-0 flex items-center gap-1.5 bg-(--row) pr-1 text-12 whitespace-nowrap',
            isLate ? 'right-0' : 'left-0',
          )}
        >
          <strong className="max-w-40 truncate font-semibold group-hover:underline">{cutover.name}</strong>
          <RunStateMark state={cutover.state} hasOutage={cutover.hasOutage} />
          {isOpen ? (
            <span className="inline-flex items-center gap-0.5 text-ink-2">
              {t('stays')}
              <ArrowRight aria-hidden className="size-3.5" />
            </span>
          ) : null}
        </span>
        <span
          className={classes(
            'absolute inset-x-0 top-6 h-6 min-w-2.5 overflow-hidden rounded-sm bg-surface ring-1',
            isInConflict ? 'ring-bad' : 'ring-line-strong',
            isCutoverOver(cutover) && 'opacity-55',
            // It has no end, so its bar fades out in its last drawn night.
            isOpen && piece.ends && 'mask-r-from-70% mask-r-to-100%',
          )}
        >
          <Phases cutover={cutover} night={night} piece={piece} />
        </span>
      </Link>
    </li>
  );
}

function Phases({ cutover, night, piece }: Pick<CutoverBarProps, 'cutover' | 'night' | 'piece'>) {
  return phaseSpans(cutover).map((span) => {
    const part = pieceIn(night, span);
    if (part === null) return null;
    return (
      <span
        key={span.phase}
        className={classes(
          'absolute inset-y-0',
          phaseLook[span.phase],
          span.phase === 'divert' && 'z-1 min-w-0.75',
        )}
        style={{
          left: percent((part.left - piece.left) / piece.width),
          width: percent(part.width / piece.width),
        }}
      />
    );
  });
}
