import { bash } from './bash';

/**
 * Part of the script: reads the objects that a plan can create, as the lines of `stateTexts`, and keeps the ids of the
 * created ones.
 */
export const readMadeProgram = bash`
# REGION NAME, the name as JSON: the object of this step.
load_balancer() { object=load_balancer b_region=$1 b_name=$2; }
# REGION LOAD-BALANCER PROTOCOL PORT, the load balancer and the protocol as JSON
listener() { object=listener l_region=$1 l_balancer=$2 l_protocol=$3 l_port=$4; }
# REGION NAMESPACE NAME QUALIFIER, all but the region as JSON
provisioned() { object=provisioned p_region=$1 p_namespace=$2 p_name=$3 p_qualifier=$4; }

read_load_balancer() {
  local rows
  ask clb DescribeLoadBalancers "$b_region" "LoadBalancerSet[?LoadBalancerName==\`$b_name\`].[LoadBalancerId, LoadBalancerType, VpcId, to_string(Status), LoadBalancerDomain, LoadBalancerVips[0]]" \
    "{\"LoadBalancerName\":$b_name,\"Limit\":100}"
  rows=$answer ids=''
  found='no load balancer'
  [ -n "$rows" ] && [ "$rows" != None ] || return 0
  found=$(printf '%s\n' "$rows" | awk -F '\t' '
    { text = "load balancer " $2 " in " ($3 == "" || $3 == "0" || $3 == "None" ? "no VPC" : $3) }
    END { print NR == 1 ? text : NR " load balancers" }')
  # One that is still being created has no ids yet.
  ids=$(printf '%s\n' "$rows" | awk -F '\t' '
    { id = $1; status = $4; address = ($5 == "" || $5 == "None") ? $6 : tolower($5); sub(/\.$/, "", address) }
    END { if (NR == 1 && status == "1") printf "LoadBalancerId\t%s\nAddress\t%s\n", id, address }')
}

read_listener() {
  found='no listener' ids=''
  # On a load balancer that is not there.
  [ "$l_balancer" != '""' ] || return 0
  ask clb DescribeListeners "$l_region" "Listeners[?Protocol==\`$l_protocol\` && Port==\`$l_port\`] | [0].[ListenerId, Certificate.CertId]" \
    "{\"LoadBalancerId\":$l_balancer,\"Protocol\":$l_protocol,\"Port\":$l_port}"
  [ -n "$answer" ] && [ "$answer" != None ] || return 0
  found=$(printf '%s\n' "$answer" | awk -F '\t' '{ print "listener with " ($2 == "" || $2 == "None" ? "no certificate" : $2) }')
  ids=$(printf '%s\n' "$answer" | awk -F '\t' '{ print "ListenerId\t" $1 }')
}

# Those asked for, or those ready.
instances() {
  ask scf GetProvisionedConcurrencyConfig "$p_region" "Allocated[?Qualifier==\`$p_qualifier\`] | [0].$1ProvisionedConcurrencyNum" \
    "{\"FunctionName\":$p_name,\"Namespace\":$p_namespace}"
  case $answer in '' | None) answer=0 ;; esac
}

read_provisioned() {
  instances Allocated
  found="$answer instances" ids=''
}

# REGION NAMESPACE NAME QUALIFIER NUMBER: whether so many are ready.
answers_ready() {
  provisioned "$1" "$2" "$3" "$4"
  instances Available
  seen="$answer of $5 instances are ready"
  [ "$answer" -ge "$5" ]
}

# NAME VARIABLE...: keeps the ids of what this step has made, as soon as the cloud has them.
keep() {
  local id
  within 120
  while [ "$#" -gt 0 ]; do
    id=$(id_of "$1")
    if [ -z "$id" ]; then
      pause_within || refuse "what was made has no $1 yet"
      read_object
      continue
    fi
    case $id in *[!A-Za-z0-9.:-]*) refuse "an odd $1: $id" ;; esac
    printf -v "$2" %s "$id"
    shift 2
  done
}

# NAME VARIABLE...: likewise for the rollback; what was never made has no ids, and needs no rollback.
keep_if_there() {
  read_object
  while [ "$#" -gt 0 ]; do
    printf -v "$2" %s ''
    [ -z "$(id_of "$1")" ] || keep "$1" "$2"
    shift 2
  done
}

# Before an object that the plan created is deleted: it must be empty.
only_empty() { guard=is_empty; }
is_empty() {
  case $object in
    load_balancer)
      ask clb DescribeListeners "$b_region" "length(Listeners || \`[]\`)" \
        "{\"LoadBalancerId\":\"$(id_of LoadBalancerId)\"}"
      ;;
    listener)
      ask clb DescribeListeners "$l_region" "length(Listeners[0].Rules || \`[]\`)" \
        "{\"LoadBalancerId\":$l_balancer,\"ListenerIds\":[\"$(id_of ListenerId)\"]}"
      ;;
  esac
  [ "$answer" = 0 ] || refuse 'there is more in it than the plan has made; it was not deleted'
}
`;
