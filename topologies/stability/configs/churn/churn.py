# Tells ExaBGP what to announce. No more than the network changes: every second one of eight blocks goes or comes.
import sys
import time

NETWORKS = [f"100.{second}.{third}.0/24" for second in range(88, 128) for third in range(256)]
BLOCKS = [NETWORKS[start::8] for start in range(8)]


def tell(word, networks):
    for start in range(0, len(networks), 200):
        chunk = " ".join(networks[start:start + 200])
        print(f"{word} attributes next-hop self origin igp nlri {chunk}", flush=True)


for block in BLOCKS:
    tell("announce", block)
step = 0
while True:
    time.sleep(1)
    tell("announce" if step % 2 else "withdraw", BLOCKS[step // 2 % 8])
    if step % 5 == 0:
        print("announce route-refresh ipv4 unicast", flush=True)
    step += 1
