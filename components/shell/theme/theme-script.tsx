/** The storage key of the chosen theme. */
export const themeKey = 'spillway-theme';

/**
 * Sets the theme before the first paint, so that a dark page never flashes light. React escapes text, so this must not
 * contain & < > " or single quotes.
 */
export const themeCode = `try{const t=localStorage.getItem(\`${themeKey}\`);document.documentElement.dataset.theme=t===\`dark\`?t:t===\`light\`?t:matchMedia(\`(prefers-color-scheme: dark)\`).matches?\`dark\`:\`light\`}catch{document.documentElement.dataset.theme=\`light\`}`;

/**
 * Sets the theme as the script does, for a document that the browser builds itself: for a page that failed or does not
 * exist, the server sends no script that runs. A theme that is set is kept.
 */
export function applyTheme(): void {
  const { dataset } = document.documentElement;
  if (dataset.theme !== undefined) return;
  const prefersDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
  try {
    const chosen = localStorage.getItem(themeKey);
    const isDark = chosen === 'dark' || (chosen !== 'light' && prefersDark());
    dataset.theme = isDark ? 'dark' : 'light';
  } catch {
    // Storage may be disabled.
    dataset.theme = 'light';
  }
}

type ThemeScriptProps = {
  /** The nonce of the response's content security policy, if there is one. */
  readonly nonce: string | undefined;
};

export function ThemeScript({ nonce }: ThemeScriptProps) {
  // Browsers hide a nonce from scripts, so React would find a different one from the one it rendered.
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {themeCode}
    </script>
  );
}

/** Returns the nonce that a content security policy names. */
export function findNonce(policy: string | null): string | undefined {
  return /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
}
