import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of the programs that apply a configuration: Terraform or OpenTofu, and the provider. */
export type Terraform = { readonly cli: string; readonly provider: string };

const providerName = 'terraform-provider-tencentcloud';
const onPath = (process.env.PATH ?? '').split(delimiter);
/**
 * The folders in which Terraform itself looks for providers that were installed manually:
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
const pluginFolders = [
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
];

/** The provider's program in a folder, and in those below it where `recursive`. */
function providersIn(folder: string, recursive: boolean): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive })
    .filter((entry) => !entry.isDirectory() && entry.name.startsWith(providerName))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Finds the programs on the PATH, the provider in Terraform's own folders, too. @returns them, or which one is missing
 */
export async function findTerraform(): Promise<Terraform | { readonly missing: string }> {
  const cli = ['terraform', 'tofu']
    .flatMap((name) => onPath.map((each) => join(each, name)))
    .find(existsSync);
  const [provider] = [
    ...onPath.flatMap((folder) => providersIn(folder, false)),
    ...pluginFolders.flatMap((folder) => providersIn(folder, true)),
  ];
  // The provider asks clb.sandbox.localhost and the like.
  const leads = await lookup('clb.sandbox.localhost').then(
    ({ address }) => address === '127.0.0.1',
    () => false,
  );
  const missing = [
    ...(cli === undefined ? ['terraform or tofu on the PATH'] : []),
    ...(provider === undefined ? [providerName] : []),
    ...(leads ? [] : ['names below localhost that lead to 127.0.0.1']),
  ];
  return cli === undefined || provider === undefined || !leads
    ? { missing: missing.join(', ') }
    : { cli, provider };
}

/** The default registries of both programs. */
const registries = ['registry.terraform.io', 'registry.opentofu.org'];
const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Creates a folder in which the programs run offline with the found provider.
 * @returns a function that runs one command there
 * @throws Error of `execFile` with the output, and with the exit code as `code`
 */
export function terraformIn(folder: string, { cli, provider }: Terraform, env: Record<string, string>) {
  const [, version = '1.999.0'] = /_v(\d+\.\d+\.\d+)/.exec(basename(provider)) ?? [];
  const mirror = join(folder, 'mirror');
  for (const registry of registries) {
    const place = join(mirror, registry, 'tencentcloudstack/tencentcloud', version, platform);
    mkdirSync(place, { recursive: true });
    symlinkSync(provider, join(place, `${providerName}_v${version}`));
  }
  const config = join(folder, 'cli.tfrc');
  const path = JSON.stringify(mirror);
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
  const own = { TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', HOME: folder };
  return (command: string, ...args: readonly string[]) =>
    promisify(execFile)(cli, [command, '-input=false', '-no-color', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, NODE_ENV: 'test', ...own, ...env },
    });
}
