/** Where the chosen theme is remembered. */
export const themeKey = 'spillway-theme';

/**
 * Sets the theme before the first paint, so that a dark page never flashes light.
 * React escapes text, so this must hold none of & < > " and single quotes.
 */
export const themeCode = `try{const t=localStorage.getItem(\`${themeKey}\`);document.documentElement.dataset.theme=t===\`dark\`?t:t===\`light\`?t:matchMedia(\`(prefers-color-scheme: dark)\`).matches?\`dark\`:\`light\`}catch{document.documentElement.dataset.theme=\`light\`}`;

export function ThemeScript() {
  return <script>{themeCode}</script>;
}
