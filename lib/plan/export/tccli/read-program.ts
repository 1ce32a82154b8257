import { bash } from './bash';

/**
 * Part of the script: reads a rule or a name's records as the lines of `stateTexts`, with the ids that calls need.
 * Filters are JMESPath (https://jmespath.org/specification.html); their comparison values are passed as JSON.
 */
export const readProgram = bash`
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
