import { bash } from './bash';

/**
 * Part of the script: one write. It reads the object before and after, sends the write only while the object is as the
 * plan expects, and retries only if the cloud has not acted. It doesn't overwrite foreign changes.
 */
export const writeProgram = bash`
# ID TITLE: begins a step.
step() {
  at=$1 or_gone=no later=() guard=''
  say "$1: $2"
}

state() { printf '%s\n' "$@" | sort; }
# LINES...: the state that the step starts from, the one that it leads to, and those that later steps lead to.
before() { wanted=$(state "$@"); }
after() { goal=$(state "$@"); }
or_later() { later+=("$(state "$@")"); }
# In a rollback, what is gone counts as rolled back.
or_gone() { or_gone=yes; }

is_done() {
  local each
  [ "$found" != "$goal" ] || return 0
  case $or_gone/$found in 'yes/no rule' | 'yes/no listener' | 'yes/no load balancer') return 0 ;; esac
  [ "$found" != "$wanted" ] || return 1
  for each in \${later[@]+"\${later[@]}"}; do [ "$found" != "$each" ] || return 0; done
  return 1
}

differs() {
  printf 'expected:\n%s\nfound:\n%s\n' "$1" "$found" >&2
  refuse 'someone else has changed this object; nothing was written over it'
}

# NAME: an id of the last reading
id_of() {
  printf '%s\n' "$ids" | NAME=$1 awk -F '\t' '$1 == ENVIRON["NAME"] { id = $2 } END { print id }'
}

# WORDS...: puts what the request lacks in its places {{1}}, {{2}}, …: =VALUE, or the name of an id of the last reading.
fill() {
  local n=0 name id mark
  filled=$request
  for name in "$@"; do
    n=$((n + 1)) mark="{{$n}}"
    case $name in =*) id=\${name#=} ;; *) id=$(id_of "$name") ;; esac
    case $id in '' | *[!A-Za-z0-9.:-]*) refuse "the id of $name is not known" ;; esac
    filled=\${filled//"$mark"/$id}
  done
}

# REGION REQUEST-ID: waits for the task of a load balancer's write, two minutes at most. 0 = it went well.
wait_task() {
  within 120
  while :; do
    ask clb DescribeTaskStatus "$1" Status "{\"TaskId\":\"$2\"}"
    case $answer in
      0) trouble='' && return 0 ;;
      1) trouble='its task failed' && return 1 ;;
    esac
    trouble='its task still runs'
    pause_within || return 1
  done
}

# Reads until the object is no longer as before; the index of DNSPod lags up to 30 s.
read_until_changed() {
  within 35
  read_object
  while [ "$found" = "$wanted" ] && ! is_done && pause_within; do read_object; done
}

# SERVICE ACTION REGION WORDS...: makes the call whose request is on standard input; WORDS are what it lacks.
call() {
  local service=$1 action=$2 where=$3 tries=0 doubts=0 trouble='' request filled=''
  shift 3
  request=$(cat)
  read_object
  while ! is_done; do
    [ "$found" = "$wanted" ] || differs "$wanted"
    [ "$tries" -lt 12 ] && [ "$doubts" -lt 3 ] || refuse "$action: $trouble"
    tries=$((tries + 1))
    [ -z "$guard" ] || "$guard"
    fill "$@"
    if send "$service" "$action" "$where" RequestId "$filled"; then
      say "$at: $action, request $answer"
      if [ "$service" != clb ] || wait_task "$where" "$answer"; then
        read_until_changed
        [ "$found" != "$wanted" ] || is_done || refuse "$action was taken, but its object reads as before"
      else
        say "$at: $action: $trouble"
        doubts=$((doubts + 1))
        read_object
      fi
      continue
    fi
    trouble=$failure
    case $code in
      RequestLimitExceeded* | FailedOperation.ResourceInOperating*)
        sleep 3
        read_object
        ;;
      '' | InternalError* | ClientNetworkError | ServerNetworkError)
        # It is unknown whether it was done.
        say "$at: $action: $trouble"
        doubts=$((doubts + 1))
        read_until_changed
        ;;
      *) refuse "$action: $trouble" ;;
    esac
  done
  say "$at: is so"
}

# The object must be as the step has left it.
still() {
  read_object
  [ "$found" = "$goal" ] || differs "$goal"
}
`;
