import { Argument, type Command } from 'commander';
import type { Terminal } from '../base/terminal';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

type Completed = {
  readonly name: string;
  readonly description: string;
  /** Its own commands, such as `history` of `capacity`. */
  readonly commands: readonly string[];
  readonly options: readonly string[];
};

/** Lists the commands with their long options. */
function listCommands(program: Command): readonly Completed[] {
  const common = program.options.flatMap(({ long }) => long ?? []);
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    commands: command.commands.map((each) => each.name()),
    options: [
      ...new Set(
        [command, ...command.commands].flatMap((each) => each.options.flatMap(({ long }) => long ?? [])),
      ),
      ...common,
      '--help',
    ],
  }));
}

function writeBash(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ name, commands: own, options }) =>
      `    ${name}) words="${options.join(' ')}" own="${own.join(' ')}" ;;`,
  );
  return `_spillway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words own=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 2 ] && [ -n "$own" ]; then
    COMPREPLY=($(compgen -W "$own" -- "$current"))
    return
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _spillway spillway
`;
}

function writeFish(commands: readonly Completed[]): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, (special) => `\\${special}`)}'`;
  const lines = commands.flatMap(({ name, description, commands: own, options }) => [
    `complete -c spillway -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...(own.length === 0
      ? []
      : [`complete -c spillway -n "__fish_seen_subcommand_from ${name}" -a "${own.join(' ')}"`]),
    ...options.map(
      (option) => `complete -c spillway -n "__fish_seen_subcommand_from ${name}" -l ${option.slice(2)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Writes the completion of a shell. */
function writeCompletion(shell: Shell, program: Command): string {
  const commands = listCommands(program);
  if (shell === 'fish') return writeFish(commands);
  const bash = writeBash(commands);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

/** Adds `completion`. */
export function addCompletion(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell: Shell) => terminal.write(writeCompletion(shell, program)));
}
