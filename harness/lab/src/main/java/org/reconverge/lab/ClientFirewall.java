package org.reconverge.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;

/**
 * The strict firewall of customers who pin one address: the client's namespace lets through the service addresses, ARP
 * and neighbour discovery, and drops everything else. It is set from outside, so that the node's image needs no tool.
 */
final class ClientFirewall {

    private final PatchPanel panel;
    private final Map<String, String> tunnelInterfaces;

    /**
     * Creates it.
     *
     * @param tunnelInterfaces the interface of each client's tunnel, by client; what passes it has come from, or goes to,
     *     the service address already
     */
    ClientFirewall(PatchPanel panel, Map<String, String> tunnelInterfaces) {
        this.panel = panel;
        this.tunnelInterfaces = tunnelInterfaces;
    }

    /** Applies it to every client that asks for it; applying it again changes nothing. */
    void apply(FailoverSpec spec, Map<String, LabNode> nodes) {
        StringBuilder script = new StringBuilder();
        for (ClientSpec client : spec.clients().values()) {
            LabNode node = nodes.get(client.node());
            if (client.firewall() == ClientSpec.Firewall.STRICT_IP && node != null) {
                script.append("sh nsenter -t ")
                        .append(node.pid())
                        .append(" -n nft '")
                        .append(rules(spec, interfaces(spec, client.node())))
                        .append("'\n");
            }
        }
        if (!script.isEmpty()) {
            panel.run(script.toString());
        }
    }

    private List<String> interfaces(FailoverSpec spec, String node) {
        return spec.clients().values().stream()
                .filter(client -> client.node().equals(node))
                .flatMap(client -> Optional.ofNullable(tunnelInterfaces.get(client.name())).stream())
                .toList();
    }

    private static String rules(FailoverSpec spec, List<String> tunnels) {
        StringBuilder allowIn = new StringBuilder();
        StringBuilder allowOut = new StringBuilder();
        // By name and not by index: the interface comes and goes with its daemon.
        tunnels.forEach(name -> {
            allowIn.append("iifname ").append(name).append(" accept; ");
            allowOut.append("oifname ").append(name).append(" accept; ");
        });
        for (String address : spec.addresses()) {
            String family = address.contains(":") ? "ip6" : "ip";
            allowIn.append(family).append(" saddr ").append(address).append(" accept; ");
            allowOut.append(family).append(" daddr ").append(address).append(" accept; ");
        }
        String neighbours =
                "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert,"
                        + " mld-listener-report, mld2-listener-report } accept; ";
        String own = "add table inet reconverge_strict_ip; delete table inet reconverge_strict_ip; "
                + "table inet reconverge_strict_ip { ";
        return own + chain("input", "iif lo accept; " + neighbours + allowIn)
                + chain("output", "oif lo accept; " + neighbours + allowOut) + "}";
    }

    private static String chain(String hook, String rules) {
        return "chain " + hook + " { type filter hook " + hook + " priority 0; policy drop; " + rules + "counter; }; ";
    }
}
