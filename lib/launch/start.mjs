/** `npm start [-- --set-aside]`: builds what is missing, then runs everything until Ctrl-C. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Spillway needs Node 20.19 or newer; this is ${process.version}. Install one from https://nodejs.org.`,
  );
  process.exit(1);
}
if (process.platform === 'win32') {
  console.error('Spillway runs on Linux and macOS; on Windows, use it inside WSL.');
  process.exit(1);
}

const { createBuilder, root } = await import('./build.mjs');
process.chdir(root);
process.setSourceMapsEnabled(true);
const builder = createBuilder();
if (!builder.isBuilt) {
  const { bundle } = await import('./bundle.mjs');
  // The launcher runs first: it checks settings and ports before the slow parts start.
  await bundle(root, ['launcher']);
}
const { launch } = await import(pathToFileURL(join(root, '.build/launcher.mjs')).href);
process.exit(await launch(root, builder, process.argv.slice(2)));
