import { unzipSync } from 'fflate';
import type { WorldFunctionSettings } from '../../world/scf';

/** Larger entry files are not shown: https://cloud.tencent.com/document/api/583/18584. */
const shownMax = 1024 * 1024;

const endings: Readonly<Record<string, string>> = { Python: '.py', Nodejs: '.js', Php: '.php' };

/**
 * Returns the text of the file that the handler names; '' when there is none, it is too large, or the runtime has no
 * sources.
 */
export function entryFile({ zip, handler, runtime }: WorldFunctionSettings): string {
  const language = Object.keys(endings).find((each) => runtime.startsWith(each)) ?? '';
  const ending = endings[language];
  if (ending === undefined) return '';
  const name = `${handler.split('.').slice(0, -1).join('.')}${ending}`;
  try {
    const files = unzipSync(Buffer.from(zip, 'base64'), {
      filter: (file) => file.name === name && file.originalSize <= shownMax,
    });
    return new TextDecoder().decode(files[name] ?? new Uint8Array());
  } catch {
    // Code that can't be unpacked is refused when it runs; here there is nothing to show.
    return '';
  }
}
