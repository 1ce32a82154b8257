import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button';

type SpanHeadProps = {
  readonly title: string;
  /** The names of the buttons for the previous and the next span. */
  readonly before: string;
  readonly after: string;
  /** Moves by -1 or 1 span. */
  readonly onMove: (by: -1 | 1) => void;
  /** The button between the two. */
  readonly children: ReactNode;
  readonly about?: string;
};

/** Shows the selected night or week, with navigation to its neighbours. */
export function SpanHead({ title, before, after, onMove, children, about }: SpanHeadProps) {
  return (
    // Its text has no say in where the line wraps: the font that replaces the first one would move all that is below.
    <div className="flex min-w-0 flex-1 basis-96 flex-wrap items-center gap-x-3">
      <h2 className="text-16 md:text-20" aria-live="polite">
        {title}
      </h2>
      <span className="flex gap-1">
        <IconButton
          size="sm"
          variant="default"
          label={before}
          icon={<ChevronLeft aria-hidden />}
          onClick={() => onMove(-1)}
        />
        {children}
        <IconButton
          size="sm"
          variant="default"
          label={after}
          icon={<ChevronRight aria-hidden />}
          onClick={() => onMove(1)}
        />
      </span>
      {about === undefined ? null : <p className="basis-full text-12 text-ink-2">{about}</p>}
    </div>
  );
}
