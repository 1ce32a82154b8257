import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/banner';
import type { ActionFailure } from './use-switch-action';

type ActionFailureNoteProps = {
  readonly failure: ActionFailure | null;
  readonly refused: string;
  readonly unknown: string;
  readonly unknownNote: ReactNode;
};

/** What the server said no to, or that it did not answer; nothing where all is well. */
export function ActionFailureNote({ failure, refused, unknown, unknownNote }: ActionFailureNoteProps) {
  if (failure === null) return null;
  const isRefused = failure.kind === 'refused';
  return (
    <div role="alert">
      <Callout tone="bad" title={isRefused ? refused : unknown}>
        {isRefused ? failure.text : unknownNote}
      </Callout>
    </div>
  );
}
