# Tries what labs use and says for each whether it works: NAME present, or NAME missing and why.
# Runs in a network namespace of its own, which the kernel takes away with everything in it.

# $1: the capability; the others: the command that takes it
try() {
    name=$1
    shift
    if why=$("$@" 2>&1); then
        echo "$name present"
    else
        echo "$name missing $(echo "$why" | tr -s '\n\t ' ' ' | cut -c 1-160)"
    fi
}

# $1: the capability; standard input: the rules that take it
try_rules() {
    rules=$(cat)
    try "$1" nft "$rules"
}

sees_host() {
    test $$ -gt 1 && test -r /proc/1/stat && test "$(cut -d ' ' -f 1 </proc/self/stat)" -gt 1
}

wires_other_namespace() {
    unshare -n sleep 30 &
    other=$!
    here=$(readlink /proc/$$/ns/net)
    for _ in $(seq 200); do
        [ "$(readlink /proc/$other/ns/net)" = "$here" ] || break
        sleep 0.01
    done
    ip link add p0 type veth peer name p1 && ip link add q0 type veth peer name q1 && ip link set q1 netns $other
    status=$?
    kill $other
    # Its end in the other namespace went with that one, and this one with its end.
    [ $status -ne 0 ] || ip link add r0 type veth peer name r1
}

try PID_HOST sees_host
try VETH wires_other_namespace
try_rules NFT_FORWARD <<'RULES'
table netdev t1 {
    chain c {
        type filter hook ingress device "p0" priority 0
        fwd to "r0"
    }
}
RULES
try_rules NFT_TIMEOUT <<'RULES'
table netdev t2 {
    set s {
        type ether_addr
        flags timeout
        elements = { 02:00:00:00:00:01 timeout 100ms }
    }
}
RULES
try BRIDGE ip link add br0 type bridge
try_rules NFT_META_TIME <<'RULES'
table netdev t3 {
    chain c {
        type filter hook ingress device "p0" priority 1
        meta time > "2026-01-01 00:00:00" accept
    }
}
RULES
try_rules NFT_NUMGEN <<'RULES'
table netdev t4 {
    chain c {
        type filter hook ingress device "p0" priority 2
        numgen random mod 100 < 5 drop
    }
}
RULES
try NETEM tc qdisc add dev p0 root netem delay 10ms
try TBF tc qdisc add dev r0 root tbf rate 1mbit burst 10kb latency 50ms
try TUN ip tuntap add dev tun0 mode tun
try VXLAN ip link add vx0 type vxlan id 1 dstport 4789 dev p0
try VRF ip link add vrf0 type vrf table 10
try WIREGUARD ip link add wg0 type wireguard
try ESP ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel \
    aead 'rfc4106(gcm(aes))' 0x0123456789abcdef0123456789abcdef01234567 128
