import { strToU8, zipSync } from 'fflate';
import type { FunctionSpec } from '../port';
import { deployFailure } from './deploy-failure';

const extensions = { python: 'py', nodejs: 'js', php: 'php' } as const;

/** Returns the file in which the runtime looks for the handler: `index.main_handler` in Python is `index.py`. */
export function codeFileName(runtime: string, handler: string): string | null {
  const family = Object.entries(extensions).find(([name]) => runtime.toLowerCase().startsWith(name));
  const dot = handler.lastIndexOf('.');
  return family === undefined || dot < 1 ? null : `${handler.slice(0, dot)}.${family[1]}`;
}

/**
 * Returns the zip for the cloud, in base64.
 * @throws CloudError `Refused.HandlerUnusable` when no file is named.
 */
export function buildZip(spec: FunctionSpec): string {
  const file = codeFileName(spec.runtime, spec.handler);
  if (file === null) {
    throw deployFailure(spec, {
      code: 'Refused.HandlerUnusable',
      action: 'CreateFunction',
      message: `handler ${spec.handler} with runtime ${spec.runtime} names no source file; give a Python, Node.js or PHP runtime and a handler such as index.main_handler`,
    });
  }
  return Buffer.from(zipSync({ [file]: strToU8(spec.code) })).toString('base64');
}
