package org.reconverge.tests;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.Faults.linkDown;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabNode;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.topology.Endpoint;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** What a lab keeps in, what it takes in, and that two do not meet. */
@FailoverTest("minimal")
class LabIT {

    /** A router has wires and nothing else: no interface, no route and no packet leads out of the lab. */
    @Test
    void nothingLeavesALab(Lab lab) throws SocketException {
        LabNode isp = lab.node("isp");
        assertThat(isp.run("ping -n -c 1 -W 1 100.64.1.1").status())
                .as("control: the lab itself is reached")
                .isZero();

        assertThat(isp.run("ls /sys/class/net").output().strip().split("\\s+"))
                .as("the only interfaces are loopback and wires")
                .allMatch(name -> name.matches("lo|eth[0-9]+|[a-z0-9]+tunl?0|sit0|gre0|gretap0|erspan0|ip_vti0|ip6.*"));
        assertThat(isp.run("ip route show default").output()).isEmpty();

        List<String> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(java.net.InetAddress::getHostAddress)
                .toList();
        for (String host : addresses) {
            assertThat(isp.run("ping -n -c 1 -W 1 " + host).status())
                    .as("the host's address %s is not reached", host)
                    .isNotZero();
        }
        for (String engine : List.of("172.17.0.1", "169.254.169.254")) {
            assertThat(isp.run("ping -n -c 1 -W 1 " + engine).status())
                    .as("%s is not reached", engine)
                    .isNotZero();
        }
        assertThat(lab.engine()
                        .client()
                        .inspectContainerCmd(isp.container())
                        .exec()
                        .getHostConfig()
                        .getNetworkMode())
                .isEqualTo("none");
    }

    /** A user's own server, started by the user's own Testcontainers, becomes a node of the lab. */
    @Test
    void aContainerThatIsNotOursIsWiredIn(Lab lab) {
        String image = new ImageStore(lab.engine(), (phase, detail, done, total) -> {}).ensure("host");
        try (GenericContainer<?> server = new GenericContainer<>(DockerImageName.parse(image))) {
            server.withNetworkMode("none")
                    .withCommand(
                            "sh", "-c", "echo 'the real thing' >/var/www/html/index.html; exec nginx -g 'daemon off;'");
            server.start();

            LabNode attached = lab.attach(
                    server.getContainerId(),
                    "scada",
                    "eth1",
                    new Endpoint("ber-edge", "eth9"),
                    "ip address add 192.0.2.2/30 dev eth1",
                    "ip link set eth1 up",
                    "ip route add default via 192.0.2.1");
            lab.node("ber-edge").run("ip address add 192.0.2.1/30 dev eth9; ip link set eth9 up");

            assertThat(attached.name()).isEqualTo("scada");
            String fetch = "curl -s -m 3 http://192.0.2.2/";
            assertThat(lab.node("ber-edge").run("ping -n -c 1 -W 2 192.0.2.2").status())
                    .isZero();
            lab.node("ber-svc").run("ip route replace 192.0.2.0/30 via 100.64.10.0");
            assertThat(lab.node("ber-svc").run(fetch).output()).contains("the real thing");

            try (Injection cut = lab.inject(linkDown("scada:eth1"))) {
                assertThat(cut.isVerified()).isTrue();
                assertThat(lab.node("ber-svc").run(fetch).status())
                        .as("faults reach it")
                        .isNotZero();
            }
            lab.node("ber-svc").run("ip route del 192.0.2.0/30");
            lab.detach(attached);
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    @Test
    void twoLabsDoNotMeet(Lab lab, @TempDir Path directory) {
        try (Engine engine = Engine.connect();
                Lab other = Lab.start(Labs.bundled("minimal", directory, engine))) {
            other.awaitSteadyState();
            try (Injection cut = other.inject(linkDown("isp:eth2"))) {
                assertThat(cut.isVerified()).isTrue();
                assertThat(lab.node("isp")
                                .run("cat /sys/class/net/eth2/carrier")
                                .output()
                                .strip())
                        .as("the same wire of this lab")
                        .isEqualTo("1");
                assertThat(lab.client("client")).isServedBy("berlin");
            }
            String id = other.id();
            other.close();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Labs.containers(engine, id) == 0);
        }
        assertThat(lab.nodes()).allMatch(node -> node.run("true").status() == 0);
        assertThat(lab).returnsToSteadyState();
    }
}
