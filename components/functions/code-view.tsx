'use client';

import { unifiedMergeView } from '@codemirror/merge';
import { EditorView } from '@uiw/react-codemirror';
import { type ComponentProps, useMemo } from 'react';
import { CodeEditor } from '@/components/diversion/function/code-editor';

export type CodeViewProps = Pick<
  ComponentProps<typeof CodeEditor>,
  'label' | 'describedBy' | 'language' | 'value' | 'onChange' | 'onSyntax'
> & {
  /** The code to compare with; null = none. */
  readonly original: string | null;
};

/** Added and removed lines in the colours of the design system. */
const diffLook = EditorView.theme({
  '.cm-changedLine': { backgroundColor: 'var(--ok-soft) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--bad-soft) !important' },
  '.cm-changedLineGutter': { backgroundColor: 'var(--ok)' },
  '.cm-deletedLineGutter': { backgroundColor: 'var(--bad)' },
  '.cm-changedText, .cm-deletedText': { background: 'none !important', textDecoration: 'underline' },
});

/** The code of a version, alone or with its difference from another; editable with an `onChange`. */
export function CodeView({ original, ...editor }: CodeViewProps) {
  const extra = useMemo(
    () =>
      original === null
        ? []
        : [
            unifiedMergeView({
              original,
              mergeControls: false,
              syntaxHighlightDeletions: false,
              collapseUnchanged: { margin: 3, minSize: 8 },
            }),
            diffLook,
          ],
    [original],
  );
  return <CodeEditor {...editor} fits extra={extra} />;
}
