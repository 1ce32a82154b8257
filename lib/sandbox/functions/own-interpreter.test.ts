import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTrialProgram, makeFolder, runTrial } from '@/testing/sandbox/functions/test-function-program';
import { zipSeedFiles } from '../seeds/parts';
import type { Isolation } from './jail/isolation';
import { createLauncher } from './runtimes/launcher';
import { thisNode } from './runtimes/node-runtime';

const run = promisify(execFile);

/** A user that does not exist on this machine; if the tests don't run as root it is their own user instead. */
const owner = process.getuid?.() === 0 ? 61_234 : undefined;

/**
 * Tries to change files inside and outside its folder; returns what succeeded. Its own /tmp shows that the test works.
 */
const attacks = {
  Python: {
    runtime: 'Python3.9',
    zip: zipSeedFiles({
      'index.py': `
import os, subprocess, sys

def managed(action):
    try:
        action()
        return True
    except BaseException:
        return False

def append(path):
    with open(path, 'ab') as file:
        file.write(b'x')

def tries(path):
    return {
        'append to ' + path: lambda: append(path),
        'remove ' + path: lambda: os.remove(path),
        'rename ' + path: lambda: os.rename(path, path + '.old'),
        'open up ' + path: lambda: os.chmod(path, 0o777),
        'add beside ' + path: lambda: append(os.path.join(os.path.dirname(path), 'sitecustomize.py')),
        'mount over ' + path: lambda: subprocess.run(['mount', '-o', 'remount,bind,rw', path], check=True, stderr=subprocess.DEVNULL),
    }

def main_handler(event, context):
    tried = {
        'make a user namespace': lambda: subprocess.run(['unshare', '--user', '--map-root-user', 'true'], check=True, stderr=subprocess.DEVNULL),
        'write to /tmp': lambda: append('/tmp/x'),
    }
    for path in [sys.executable, os.__file__] + event['files']:
        tried.update(tries(path))
    return [name for name, action in tried.items() if managed(action)]
`,
    }),
  },
  'Node.js': {
    runtime: 'Nodejs18.15',
    zip: zipSeedFiles({
      'index.js': `
const fs = require('fs'), path = require('path');
const { execFileSync } = require('child_process');
const sh = (file, ...args) => execFileSync(file, args, { stdio: 'ignore' });
const tries = (file) => ({
  ['append to ' + file]: () => fs.appendFileSync(file, 'x'),
  ['remove ' + file]: () => fs.rmSync(file),
  ['rename ' + file]: () => fs.renameSync(file, file + '.old'),
  ['open up ' + file]: () => fs.chmodSync(file, 0o777),
  ['mount over ' + file]: () => sh('mount', '-o', 'remount,bind,rw', file),
});
exports.main_handler = (event) => {
  const tried = {
    'make a user namespace': () => sh('unshare', '--user', '--map-root-user', 'true'),
    'write to /tmp': () => fs.appendFileSync('/tmp/x', 'x'),
  };
  for (const file of [process.execPath, ...event.files]) Object.assign(tried, tries(file));
  const managed = [];
  for (const [name, action] of Object.entries(tried)) {
    try { action(); managed.push(name); } catch {}
  }
  return managed;
};
`,
    }),
  },
};
type Language = keyof typeof attacks;

const sourceFiles = (language: Language) => ({
  uin: '1',
  appId: 1,
  region: 'r',
  namespace: 'default',
  name: 'attack',
  version: '1',
  handler: 'index.main_handler',
  memoryMb: 256,
  timeoutS: 20,
  initTimeoutS: 20,
  environment: {},
  ...attacks[language],
});

/** Interpreters that belong to the user who runs the app. */
type Interpreters = { readonly node: string; readonly path: string };

const program = await buildTrialProgram();
afterAll(() => rm(program.folder, { recursive: true }));

/** Copies this Node.js, and if possible a Python with its library, into a folder of the user. */
async function installAt(folder: string): Promise<Interpreters> {
  await makeFolder(folder, owner);
  const node = join(folder, 'bin/node');
  await mkdir(join(folder, 'bin'));
  await cp(process.execPath, node);
  await copyPython(folder);
  if (owner !== undefined) await give(folder, owner);
  return { node, path: join(folder, 'bin') };
}

/** Copies the system's Python, whose library can be moved: it finds it relative to itself. */
async function copyPython(folder: string): Promise<void> {
  const python = '/usr/bin/python3';
  const ask = 'import sys, sysconfig; print(sys.executable); print(sysconfig.get_path("stdlib"))';
  const answer = await run(python, ['-I', '-c', ask]).catch(() => null);
  if (answer === null) return;
  const [executable = '', library = ''] = answer.stdout.trim().split('\n');
  const left = new Set(['site-packages', 'dist-packages', 'test', 'idlelib', '__pycache__', 'tkinter']);
  await cp(await realpath(executable), join(folder, 'bin/python3'));
  await cp(library, join(folder, 'lib', basename(library)), {
    recursive: true,
    dereference: true,
    filter: (path) => !left.has(basename(path)) && !basename(path).startsWith('config-'),
  });
}

async function give(path: string, uid: number): Promise<void> {
  await chown(path, uid, uid);
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), uid, uid);
  }
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

describe('an interpreter that belongs to the user who runs the app', () => {
  let installed: Interpreters;
  beforeAll(async () => {
    installed = await installAt(join(program.folder, 'own'));
  });

  it.each(['Python', 'Node.js'] satisfies Language[])(
    "can't be changed by a function (%s)",
    async (language) => {
      const { node, path } = installed;
      const before = await digest(node);
      // Another folder of the system, which only the jail protects from its owner.
      const trial = {
        options: { isolations: ['jail', 'weak'] as const, path },
        code: sourceFiles(language),
        events: [{ files: ['/usr/bin/env'] }],
      };
      const { facts, results } = await runTrial(program, trial, {
        node,
        ...(owner !== undefined && { uid: owner }),
      });
      const [result] = results;
      if (result?.kind === 'noRuntime') return expect(facts.python).toBeNull();
      if (result?.kind !== 'answer') return expect.fail(JSON.stringify(result));
      if (facts.isolation === 'jail') {
        expect(result.value).toEqual(['write to /tmp']);
        expect(await digest(node)).toBe(before);
        if (owner !== undefined) expect((await lstat(path)).uid).toBe(owner);
      } else {
        expect(facts.weakerBecause).toMatch(/\w/);
      }
    },
  );
});

describe('the location of an interpreter', () => {
  const runs = 'exports.main_handler = () => process.execPath';
  const code = { ...sourceFiles('Node.js'), zip: zipSeedFiles({ 'index.js': runs }) };

  let usual: Isolation;
  beforeAll(async () => {
    usual = (await runTrial(program, { options: {}, code, events: [] })).facts.isolation;
  });

  it.each(['/tmp', '/dev/shm', '/etc'])(
    'below %s it runs with the same isolation as elsewhere',
    async (place) => {
      const folder = await mkdtemp(join(place, 'spillway-node-')).catch(() => null);
      // Only root may write to /etc.
      if (folder === null) return expect(process.getuid?.()).not.toBe(0);
      try {
        const node = join(folder, 'node');
        await cp(process.execPath, node);
        const trial = await runTrial(program, { options: {}, code, events: [{}] }, { node });
        expect(trial.facts.isolation).toBe(usual);
        expect(trial.results).toMatchObject([{ kind: 'answer', value: node }]);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  it('is refused with a reason if the jail cannot mount it', async () => {
    const user = { uid: 64_000, group: 64_000 };
    const log = pino({ level: 'silent' });
    for (const needs of ['/proc/1/root/opt/node', '/var/user/node', '/var', '/tmp', '/']) {
      const launcher = await createLauncher({
        runtimes: [{ ...thisNode(), needs: [needs] }],
        isolations: ['jail', 'weak'],
        user,
        machine: { loader: null, cgroups: null, log },
      });
      expect(launcher?.isolation).toBe('weak');
      expect(launcher?.weakerBecause).toContain(`the interpreter's ${needs} can't be shown to them`);
    }
  });
});
