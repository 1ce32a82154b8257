import { type HeadFinding, hasLoss, listFindingLines } from '@/lib/plan/export/head-finding';
import type { Plan, Step } from '@/lib/plan/model/model';
import { inTurns } from '@/lib/timing/in-turns';
import { bash } from './bash';
import { Made } from './made';
import { readMadeProgram } from './read-made-program';
import { commentText, shellQuote } from './shell-quote';
import { objectCommand, StepList, stepProgram } from './step-program';
import { writeProgram } from './write-program';

export type ScriptHead = {
  /** The name of the diversion, its plan, and whether the script applies or rolls back. */
  readonly title: string;
  readonly hash: string;
  /** The time of the sync that the plan starts from. */
  readonly takenAt: string;
  /** The account's number; null = unknown: then the script can't check that it is the right one. */
  readonly accountUin: string | null;
  /** Those of the script that applies; a rollback has none. */
  readonly findings: readonly HeadFinding[];
};

/** Ends the script before it does anything, unless its user accepts the losses of exactly this plan. */
const acceptProgram = (hash: string) => `

if [ "\${SPILLWAY_ACCEPT:-}" != ${shellQuote(hash)} ]; then
  echo 'refused: clients get errors, see LOSSES at the top of this file; to accept them, set SPILLWAY_ACCEPT to the plan hash' >&2
  exit 2
fi`;

/** Returns the comment at the top: the effect, the requirements and the exit codes of the script. */
function headProgram({ title, hash, takenAt, findings }: ScriptHead): string {
  const lines = listFindingLines(findings).map((line) => `# ${line}\n`);
  return `#!/usr/bin/env bash
#
# ${commentText(title)}
${lines.join('')}\
# Plan hash ${commentText(hash)}, made from the estate of ${commentText(takenAt)}.
#
# Makes the calls of the plan in their order, with its waits and probes. Before each call its object is read: where it is
# as the call would leave it, the call is left out; where it is neither as before nor as after, the script ends. So it can
# be run again after it was stopped. It can't know what its other half (apply, or rollback) is doing: run one at a time.
#
# Needs bash, curl, dig, awk and tccli with a key (https://github.com/TencentCloud/tencentcloud-cli).
# Environment, both optional: SPILLWAY_RESOLVER (ip or ip:port that names are asked of; the system's), SPILLWAY_PORT_OFFSET
# (added to ports below 1024; 0), and whatever curl and tccli read.
# Ends with 0: everything is as the plan leads to; 2: refused, with the reason, nothing more was done.

set -euo pipefail
export LC_ALL=C${hasLoss(findings) ? acceptProgram(hash) : ''}`;
}

/** Part of the script: waits, and the same probes from outside that the worker's prober sends. */
const probeProgram = bash`
# SECONDS WHY
wait_for() {
  say "$at: waits $1 s, $2"
  sleep "$1"
}

# NAME TYPE: what the resolver answers, one value a line. SPILLWAY_RESOLVER is ip or ip:port.
resolve() {
  local server=\${SPILLWAY_RESOLVER:-} port=53
  case $server in *.*:*) port=\${server##*:} server=\${server%:*} ;; esac
  dig \${server:+"@$server" -p "$port"} +time=2 +tries=2 +noall +answer -q "$1" -t "$2" 2>/dev/null \
    | awk -v type="$2" '$4 == type { sub(/\.$/, "", $5); print tolower($5) }'
}

# SECONDS COMMAND...: asks until the answer is right, for so long at most; $seen says what is wrong with it.
until_right() {
  within "$1"
  shift
  until "$@"; do pause_within || refuse "$seen"; done
  say "$at: $seen"
}

# NAME TYPE VALUE
answers_name() {
  local values
  values=$(resolve "$1" "$2" || true)
  seen="$1 $2 is $(printf '%s' "$values" | tr '\n' ' ')"
  grep -qixF -e "$3" <<<"$values"
}

# SCHEME HOST PORT ADDRESS PATH STATUS [TEXT]: one request through the address; certificates are verified for the host.
answers_http() {
  local port=$3 to=$4 reply status
  [ "$port" -ge 1024 ] || port=$((port + \${SPILLWAY_PORT_OFFSET:-0}))
  case $to in
    *[!0-9.]*) case $to in *:*) to="[$to]" ;; *) to=$(resolve "$to" A | head -n 1) ;; esac ;;
  esac
  seen="$4 does not answer"
  [ -n "$to" ] || return 1
  reply=$(curl --silent --max-time 10 --noproxy '*' --globoff --path-as-is --user-agent spillway-probe \
    --header "Host: $2" --connect-to "$2:$3:$to:$port" --write-out '\n%{http_code}' --url "$1://$2:$3$5" \
    2>/dev/null) || return 1
  status=\${reply##*$newline}
  seen="$4 answers $2 with status $status"
  [ "$status" = "$6" ] || return 1
  [ "$#" -lt 7 ] && return 0
  case \${reply%$newline*} in
    *"$7"*) seen="$seen and the expected text" ;;
    *) seen="$seen, but without the expected text" && return 1 ;;
  esac
}

newline='
'
`;

/**
 * Part of the script: reads a rule or a name's records as the lines of `stateTexts`, with the ids that calls need.
 * Filters are JMESPath (https://jmespath.org/specification.html); their comparison values are passed as JSON.
 */
const readProgram = bash`
# REGION LOAD-BALANCER LISTENER DOMAIN URL, all but the region as JSON: the object of this step.
rule() {
  object=rule r_region=$1 r_balancer=$2 r_listener=$3 r_domain=$4 r_url=$5
}

# ZONE SUBDOMAIN LINE-ID, as JSON, and the subdomain once more as it is: the object of this step.
records() {
  object=records n_zone=$1 n_name=$2 n_line=$3 n_plain=$4
}

read_rule() {
  local one="{\"LoadBalancerId\":$r_balancer,\"ListenerIds\":[$r_listener]}" id
  found='no rule' ids=''
  # On a load balancer or listener that is not there.
  [ "$r_balancer" != '""' ] && [ "$r_listener" != '""' ] || return 0
  ask clb DescribeListeners "$r_region" "Listeners[].Rules[] | [?Url==\`$r_url\` && (Domain==\`$r_domain\` || contains(Domains || \`[]\`, \`$r_domain\`))] | [0].LocationId" "$one"
  id=$answer
  [ "$id" != None ] || return 0
  case $id in '' | *[!A-Za-z0-9-]*) refuse "the rule has an odd id: $id" ;; esac
  ask clb DescribeTargets "$r_region" "Listeners[].Rules[] | [?LocationId=='$id'] | [0].[[['rule']], Targets[].['target', Port, Weight, Type, InstanceId, PrivateIpAddresses[0], PublicIpAddresses[0]], FunctionTargets[].['function', Function.FunctionNamespace, Function.FunctionName, Function.FunctionQualifier, Weight || \`10\`]][]" "$one"
  # It went while we looked.
  [ "$answer" != None ] || return 0
  ids=$(printf 'LocationId\t%s' "$id")
  found=$(printf '%s\n' "$answer" | awk -F '\t' '
    # A server by its id; all else by its address, as does an IPv6 address of a server.
    function is(value) { return value != "" && value != "None" }
    $1 == "target" {
      server = (!is($4) || toupper($4) == "CVM") && is($5) && !index($6, ":")
      print "target " (server ? $5 : is($6) ? $6 : $7) ":" $2 " weight " $3; next
    }
    $1 == "function" { print "function " $2 "/" $3 ":" $4 " weight " $5; next }
    { print }' | sort)
}

read_records() {
  local rows
  ask dnspod DescribeRecordList '' "RecordList[?LineId==\`$n_line\`].[Name, Type, Value, TTL, Weight || \`0\`, Status, RecordId]" \
    "{\"Domain\":$n_zone,\"Subdomain\":$n_name,\"ErrorOnEmpty\":\"no\",\"Limit\":3000}"
  rows=$(printf '%s\n' "$answer" | NAME=$n_plain awk -F '\t' '
    BEGIN { name = tolower(ENVIRON["NAME"]) }
    tolower($1) != name { next }
    $2 == "CNAME" { sub(/\.$/, "", $3) }
    $2 == "A" || $2 == "AAAA" || $2 == "CNAME" { print $2 " " $3 "\t TTL " $4 " weight " $5 " " $6 "\t" $7 }')
  if [ -z "$rows" ]; then
    found='no records' ids=''
    return
  fi
  found=$(printf '%s\n' "$rows" | awk -F '\t' '{ print $1 $2 }' | sort)
  ids=$(printf '%s\n' "$rows" | awk -F '\t' '{ print $1 "\t" $3 }')
}

read_object() { "read_$object"; }
`;

/**
 * Part of the script: one request to the cloud. The request is passed as JSON by standard input, so that no value of it
 * reaches a shell or an option parser. Options: https://github.com/TencentCloud/tencentcloud-cli#readme
 */
const askProgram = bash`
say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
refuse() {
  say "refused at $at: $*" >&2
  exit 2
}

# SECONDS: starts a time limit for retries. It includes the attempts and the pauses.
within() { end=$((SECONDS + $1)) pauses=$(($1 / 2)); }
# A pause between two tries; not 0 when the time is over.
pause_within() {
  [ "$SECONDS" -lt "$end" ] && [ "$pauses" -gt 0 ] || return 1
  pauses=$((pauses - 1))
  sleep 2
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# SERVICE ACTION REGION FILTER REQUEST: sends it once. Sets $answer to the filtered response, or $failure to the reason.
send() {
  if answer=$(printf '%s' "$5" | tccli "$1" "$2" \${3:+--region "$3"} --cli-input-json file:///dev/stdin \
    --filter "$4" --output text 2>"$errors"); then
    failure='' code=''
    return 0
  fi
  failure=$(tr '\n' ' ' <"$errors")
  code=$(sed -n 's/.*code:\([A-Za-z.]*\).*/\1/p' "$errors" | head -n 1)
  return 1
}

# The same for a question: asked again when there is no answer.
ask() {
  local tries=1
  until send "$@"; do
    # A name without records is an answer, and so is a version without a setting.
    case $1/$code in
      dnspod/ResourceNotFound.NoDataOfRecord | scf/ResourceNotFound*)
        answer=''
        return 0
        ;;
    esac
    [ "$tries" -lt 6 ] || refuse "$2 has no answer: $failure"
    tries=$((tries + 1))
    sleep 2
  done
}

`;

const toolsProgram = bash`
at='the start'
for tool in tccli curl dig awk; do
  command -v "$tool" >/dev/null || refuse "$tool is not on this machine"
done
`;

/** Checks that the key belongs to the account that the plan is for. */
function accountProgram(uin: string): string {
  return `ask sts GetCallerIdentity '' AccountId '{}'
[ "$answer" = ${shellQuote(uin)} ] || refuse "this key is of account $answer, the plan of "${shellQuote(uin)}`;
}

/** Finds, for a rollback, the objects that the apply created, by their names. */
function findProgram(made: Made): string {
  const found = made.keepings.map(({ step, names }) =>
    [objectCommand(step.object, made), ['keep_if_there', ...names.map(shellQuote)].join(' ')].join('\n'),
  );
  return ["at='what was made'", ...found].join('\n');
}

function* listStepPrograms(list: StepList, words: (step: Step) => string): Generator<string> {
  for (const step of list.steps) yield stepProgram(step, words(step), list);
}

/**
 * Writes the bash script that applies or rolls back a plan with Tencent Cloud's own command line. Text from data; it
 * holds no key. Other work of the process continues between steps.
 * @param words describes a step in words
 */
export async function tccliScript({
  head,
  plan,
  way,
  words,
}: {
  readonly head: ScriptHead;
  readonly plan: Pick<Plan, 'steps' | 'rollback'>;
  readonly way: 'steps' | 'rollback';
  readonly words: (step: Step) => string;
}): Promise<string> {
  const made = new Made(plan.steps);
  const list = new StepList(plan[way], made);
  const parts = [
    headProgram(head),
    ...[askProgram, readProgram, readMadeProgram, writeProgram, probeProgram, toolsProgram],
    ...(head.accountUin === null ? [] : [accountProgram(head.accountUin)]),
    ...(way === 'rollback' && made.keepings.length > 0 ? [findProgram(made)] : []),
    ...(await inTurns(listStepPrograms(list, words))),
    `at='the end'\nsay 'done'`,
  ];
  return `${parts.join('\n\n')}\n`;
}
