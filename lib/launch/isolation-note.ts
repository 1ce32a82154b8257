import type { SandboxReady } from './sandbox-ready';

/**
 * What whoever starts the app must know of the functions that the sandbox runs; null where they are kept apart: without
 * the system's namespaces they reach what listens on this machine, the dashboard too, which knows no sign-in.
 */
export function isolationNote(isolation: SandboxReady['isolation']): string | null {
  switch (isolation) {
    case 'jail':
      return null;
    case 'user':
      return 'functions in the sandbox can reach whatever listens on this machine, this dashboard too: run only code that you trust';
    case 'weak':
      return 'functions in the sandbox run as your own user, with your files and this dashboard in their reach: run only code that you trust';
  }
}
