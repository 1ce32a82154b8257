import type { CodeLanguage } from './hello-clb';

/** Runtimes that can run a single source file. https://www.tencentcloud.com/document/product/583/11060 */
export const runtimes = [
  ...(['Python3.6', 'Python3.7', 'Python3.9', 'Python3.10'] as const),
  ...(['Nodejs16.13', 'Nodejs18.15'] as const),
] as const;

/** Returns the language of a runtime's code. */
export function runtimeLanguage(runtime: string): CodeLanguage {
  return runtime.startsWith('Nodejs') ? 'nodejs' : 'python';
}

/** Returns the file in which a handler is looked up: `index.main_handler` is in `index.py` or `index.js`. */
export function entryFileName({ runtime, handler }: Readonly<Record<'runtime' | 'handler', string>>): string {
  const [module = ''] = handler.split('.');
  return `${module === '' ? 'index' : module}.${runtimeLanguage(runtime) === 'nodejs' ? 'js' : 'py'}`;
}
