'use client';

import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import CodeMirror, { EditorView, type Extension, Prec } from '@uiw/react-codemirror';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useNonce } from '@/components/ui/nonce';
import type { CodeLanguage } from './hello-clb';
import { syntaxErrorLine } from './syntax-error';

type CodeEditorProps = {
  readonly label: string;
  readonly describedBy?: string;
  readonly language: CodeLanguage;
  readonly value: string;
  /** Absent = the code can only be read. */
  readonly onChange?: (code: string) => void;
  /** True if it is as high as its code, up to most of the screen. */
  readonly fits?: boolean;
  /** Further extensions of the editor. Must be the same object each time. */
  readonly extra?: Extension;
  /** Called with the first line that has a syntax error, or null if the code has none. */
  readonly onSyntax?: (line: number | null) => void;
};

/** The editor uses the page's surfaces; its theme only colours the syntax. */
const look = Prec.highest(
  EditorView.theme({
    '&': { fontSize: '12px', backgroundColor: 'var(--surface)' },
    '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '1px' },
    '.cm-content, .cm-gutters': { fontFamily: 'var(--font-mono)', fontFeatureSettings: '"calt" 0' },
    '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-3)', borderColor: 'var(--line)' },
    '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  }),
);

const fittingHeight = { minHeight: '160px', maxHeight: 'min(60vh, 640px)' };

/** Calls back when the page changes its theme. */
function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

const languages = { python: python(), nodejs: javascript() };

/** A code field. Tab leaves it, so that the keyboard is never trapped inside. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, describedBy, language, value, onChange, onSyntax, fits = false, extra = [] } = props;
  const errorLine = useMemo(() => syntaxErrorLine(value, language), [value, language]);
  useEffect(() => onSyntax?.(errorLine), [errorLine, onSyntax]);
  const nonce = useNonce();
  const isDark = useSyncExternalStore(
    onThemeChange,
    () => document.documentElement.dataset.theme === 'dark',
    () => false,
  );
  return (
    <CodeMirror
      value={value}
      {...(onChange ? { onChange } : { readOnly: true })}
      {...(fits ? fittingHeight : { height: '240px' })}
      theme={isDark ? 'dark' : 'light'}
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLineGutter: false }}
      extensions={[
        languages[language],
        look,
        EditorView.cspNonce.of(nonce ?? ''),
        EditorView.contentAttributes.of({
          'aria-label': label,
          // Its scrolling box can't be focused; the keyboard scrolls it from here.
          tabindex: '0',
          ...(describedBy ? { 'aria-describedby': describedBy } : {}),
          ...(onChange ? {} : { 'aria-readonly': 'true' }),
        }),
        extra,
      ]}
    />
  );
}
