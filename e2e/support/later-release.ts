import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { recordPart } from '@/lib/launch/build-record.mjs';
import { sourcesHash } from '@/lib/launch/sources-hash.mjs';
import { root } from './app';

const sources = [
  'app',
  'components',
  'lib',
  'package.json',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
];

/** The text files of a build. */
const isText = /\.(js|mjs|json|rsc|html|css|body|meta)$|\/BUILD_ID$/;

/** A string that only the code of the function editor contains. */
const editorCode = 'height:"240px"';

/** Returns another name of the same length and letters, the same each time. */
function another(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, name.length);
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Creates a later release of this project from its build, in a folder below it, so that packages are resolved. A second
 * build would take a minute and change only names that Next derives from the sources: the build id, the ids of the
 * server actions (lib/launch/actions-key.test.ts proves that these differ between builds), and the file of changed
 * browser code, here that of the code editor. The copy has other names for them.
 * @returns its folder
 */
export function laterRelease(): string {
  const folder = join(root, '.build/later');
  rmSync(folder, { recursive: true, force: true });
  for (const name of sources) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync('../../node_modules', join(folder, 'node_modules'));
  const manifest = join(folder, 'package.json');
  const { version, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(manifest, JSON.stringify({ ...rest, version: version.replace(/^0\./, '1000.') }));

  for (const name of ['launcher', 'lease-thread', 'rehearsal', 'sandbox', 'web', 'worker'])
    cpSync(join(root, `.build/${name}.mjs`), join(folder, `.build/${name}.mjs`));
  const built = join(folder, '.next');
  cpSync(join(root, '.next'), built, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== join(root, '.next/cache'),
  });
  const files = listFiles(built).filter((path) => isText.test(path));
  const build = readFileSync(join(built, 'BUILD_ID'), 'utf8');
  const { node } = JSON.parse(readFileSync(join(built, 'server/server-reference-manifest.json'), 'utf8'));
  const chunks = files.filter((path) => dirname(path).endsWith('/static/chunks'));
  const [editor, ...others] = chunks.filter((path) => readFileSync(path, 'utf8').includes(editorCode));
  if (editor === undefined || others.length > 0)
    throw new Error(`Not one file of the build has what the release changes: ${editorCode}`);
  const chunk = basename(editor, '.js');
  const renamed = new Map([
    [root, folder],
    [build, another(build)],
    [chunk, another(chunk)],
    // The first two digits of an id encode the kind of the function.
    ...Object.keys(node).map((id) => [id, id.slice(0, 2) + another(id.slice(2))] as const),
  ]);
  for (const path of files) {
    const text = readFileSync(path, 'utf8');
    const changed = [...renamed].reduce((done, [name, other]) => done.replaceAll(name, other), text);
    if (changed !== text) writeFileSync(path, changed);
  }
  renameSync(editor, join(dirname(editor), `${another(chunk)}.js`));
  renameSync(join(built, 'static', build), join(built, 'static', another(build)));
  for (const part of ['programs', 'dashboard'] as const) recordPart(folder, part, sourcesHash(folder));
  return folder;
}
