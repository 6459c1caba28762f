# Tries what labs use and says for each whether it works: NAME present, or NAME missing and why.
# Runs in a network namespace of its own, which the kernel takes away with everything in it.

try() {
    name=$1
    if why=$(sh -c "$2" 2>&1); then
        echo "$name present"
    else
        echo "$name missing $(echo "$why" | tr '\n' ' ' | cut -c 1-160)"
    fi
}

rules() {
    printf 'printf %%s %s | nft -f -' "'$1'"
}

try PID_HOST 'test $$ -gt 1 && test -r /proc/1/comm && test "$(cat /proc/1/comm)" != sh'

unshare -n sleep 30 &
other=$!
# The namespace is there when it differs from this one.
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
try VETH "ip link add a type veth peer name b && ip link add c type veth peer name d && ip link set d netns $other"
kill $other

try NFT_FORWARD "$(rules 'table netdev t1 { chain c { type filter hook ingress device "a" priority 0; fwd to "c"; } }')"
try NFT_TIMEOUT "$(rules 'table netdev t2 { set s { type ifname; flags timeout; elements = { "a" timeout 100ms } } }')"
try BRIDGE 'ip link add br0 type bridge && ip link set b master br0'
try NFT_META_TIME "$(rules 'table netdev t3 { chain c { type filter hook ingress device "a" priority 1; meta time > "2026-01-01 00:00:00" accept; } }')"
try NFT_NUMGEN "$(rules 'table netdev t4 { chain c { type filter hook ingress device "a" priority 2; numgen random mod 100 < 5 drop; } }')"
try NETEM 'tc qdisc add dev a root netem delay 10ms'
try TBF 'tc qdisc add dev c root tbf rate 1mbit burst 10kb latency 50ms'
try TUN 'ip tuntap add dev tun0 mode tun'
try VXLAN 'ip link add vx0 type vxlan id 1 dstport 4789 dev a'
try VRF 'ip link add vrf0 type vrf table 10'
try WIREGUARD 'ip link add wg0 type wireguard'
try ESP 'ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel aead "rfc4106(gcm(aes))" 0x0123456789abcdef0123456789abcdef01234567 128'
