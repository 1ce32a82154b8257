import { bash } from './bash';

/** Part of the script: waits, and the same probes from outside that the worker's prober sends. */
export const probeProgram = bash`
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
