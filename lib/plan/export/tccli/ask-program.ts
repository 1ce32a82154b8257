import { bash } from './bash';

/**
 * Part of the script: one request to the cloud. The request is passed as JSON by standard input, so that no value of it
 * reaches a shell or an option parser. Options: https://github.com/TencentCloud/tencentcloud-cli#readme
 */
export const askProgram = bash`
say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
refuse() {
  say "refused at $at: $*" >&2
  exit 2
}

# SECONDS: begins a time for which something is tried at most. What the tries themselves take counts, and so do pauses.
within() { end=$((SECONDS + $1)) pauses=$(($1 / 2)); }
# A pause between two tries; not 0 when the time is over.
pause_within() {
  [ "$SECONDS" -lt "$end" ] && [ "$pauses" -gt 0 ] || return 1
  pauses=$((pauses - 1))
  sleep 2
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# SERVICE ACTION REGION FILTER REQUEST: sends it once. What the filter leaves is in $answer, else the reason in $failure.
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
