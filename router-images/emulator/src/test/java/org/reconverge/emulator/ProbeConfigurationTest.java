package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reconverge.emulator.iec104.Iec104Parameters;
import org.reconverge.emulator.iec104.StationKind;

class ProbeConfigurationTest {

    private static final String PROBE =
            "{'name':'udp-ipv4','type':'udp','address':'203.0.113.10','port':7000,'ratePerSecond':100,'thresholdNanos':3000000000}";

    @Test
    void readsClientsAndTheirProbes() throws Exception {
        assertThat(parse("{'clients':[{'client':'gw-north','probes':[" + PROBE + "]}]}"))
                .isEqualTo(new ProbeConfiguration(
                        List.of(new ProbeConfiguration.Stream(
                                "gw-north/udp-ipv4",
                                "gw-north",
                                ProbeConfiguration.Protocol.UDP,
                                InetAddress.getByName("203.0.113.10"),
                                null,
                                null,
                                7000,
                                100,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(2))),
                        List.of(),
                        List.of(),
                        Duration.ofMillis(2)));
    }

    @Test
    void readsSessionsOfOtherProtocols() throws Exception {
        ProbeConfiguration configuration = parse("{'clients':[{'client':'gw','probes':["
                + "{'name':'poll','type':'modbus','address':'203.0.113.10','intervalNanos':200000000,'station':17},"
                + "{'name':'mqtt','type':'tls','address':'203.0.113.10','tls':"
                + "{'certificate':'c','privateKey':'k','authority':'a','serverName':'platform'}}]}]}");

        assertThat(configuration.clients()).isEqualTo("gw");
        assertThat(configuration.sessions())
                .extracting(session -> session.sessions().port())
                .containsExactly(502, 8883);
        assertThat(configuration.sessions().get(0).sessions().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(configuration.sessions().get(1).toString())
                .as("keys are not for logs")
                .doesNotContain("privateKey");
    }

    /** A gateway connects to the anycast address and is the controlled station, unless it says otherwise. */
    @Test
    void readsTelecontrol() throws Exception {
        ProbeConfiguration usual = parse("{'clients':[{'client':'gw','probes':["
                + "{'name':'scada','type':'iec104','address':'203.0.113.10'}]}]}");
        assertThat(usual.clients()).isEqualTo("gw");
        assertThat(usual.gateways()).singleElement().satisfies(gateway -> {
            assertThat(gateway.probe()).isEqualTo("gw/scada");
            assertThat(gateway.end().station()).isEqualTo(StationKind.CONTROLLED);
            assertThat(gateway.end().tcp()).isEqualTo(Iec104Configuration.Tcp.CLIENT);
            assertThat(gateway.end().endpoints())
                    .containsExactly(new InetSocketAddress(InetAddress.getByName("203.0.113.10"), 2404));
            assertThat(gateway.end().parameters()).isEqualTo(Iec104Parameters.DEFAULT);
        });

        ProbeConfiguration other = parse("{'clients':[{'client':'gw','probes':[{'name':'scada','type':'iec104',"
                + "'addresses':['203.0.113.10','203.0.113.11'],'port':2405,'station':'controlling','tcp':'server',"
                + "'k':6,'w':4,'t1Nanos':1000000000,'t2Nanos':500000000,'t3Nanos':1000000000,"
                + "'sessions':1000,'commonAddress':7,'valueIntervalNanos':100000000}]}]}");
        Iec104Configuration end = other.gateways().get(0).end();
        assertThat(end.station()).isEqualTo(StationKind.CONTROLLING);
        assertThat(end.tcp()).isEqualTo(Iec104Configuration.Tcp.SERVER);
        assertThat(end.addresses()).hasSize(2);
        assertThat(end.sessions()).isEqualTo(1000);
        assertThat(end.controlled().commonAddress()).isEqualTo(7);
        assertThat(end.controlled().interval()).isEqualTo(Duration.ofMillis(100));
        assertThat(end.parameters().t3()).isEqualTo(Duration.ofSeconds(1));
        assertThat(end.parameters().k()).isEqualTo(6);
    }

    /** A site accepts connections and is the controlling station, unless it says otherwise. */
    @Test
    void readsTheTelecontrolOfASite() throws Exception {
        Iec104Configuration usual = Iec104Configuration.ofSite("{}");
        assertThat(usual.station()).isEqualTo(StationKind.CONTROLLING);
        assertThat(usual.tcp()).isEqualTo(Iec104Configuration.Tcp.SERVER);
        assertThat(usual.port()).isEqualTo(2404);
        assertThat(Iec104Configuration.ofSite("{\"commandIntervalNanos\":1000000000}")
                        .controlling()
                        .commandInterval())
                .contains(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'t4Nanos':1                           | unknown key 't4Nanos'",
                "'station':'rtu'                       | expected station controlled or controlling, but found 'rtu'",
                "'tcp':'both'                          | expected tcp client or server, but found 'both'",
                "'k':4                                 | expected w from 1 to k = 4",
                "'t2Nanos':20000000000                 | expected t2 below t1",
                "'sessions':1000,'commonAddress':65000 | expected common addresses up to 65534",
                "'port':'x'                            | cannot read IEC 104",
                "'originator':256                      | expected originator from 0 to 255"
            })
    void saysWhatIsWrongInTelecontrol(String part, String message) {
        assertThatThrownBy(() -> parse("{'clients':[{'client':'c','probes':[{'name':'scada','type':'iec104',"
                        + "'address':'203.0.113.10'," + part + "}]}]}"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aGatewayNeedsAnAddress() {
        assertThatThrownBy(() -> parse("{'clients':[{'client':'c','probes':[{'name':'scada','type':'iec104'}]}]}"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("expected 'address' or 'addresses'");
    }

    @Test
    void wantsDifferentNames() {
        assertThatThrownBy(() -> parse("{'clients':[{'client':'c','probes':[" + PROBE + "," + PROBE + "]}]}"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("expected one probe c/udp-ipv4, but found two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'udp','address'        | 'icmp','address'   | expected type udp, tcp, iec104, modbus or tls, but found 'icmp'",
                "'203.0.113.10'         | 'anycast.example'  | expected an IPv4 or IPv6 address, but found 'anycast.example'",
                "'port':7000            | 'port':70000       | expected port from 1 to 65535, but found 70000",
                "'ratePerSecond':100    | 'ratePerSecond':0  | expected ratePerSecond from 1 to 1000, but found 0",
                "'ratePerSecond':100    | 'ratePerSecond':[] | cannot read the probes' configuration",
                "'thresholdNanos':3000000000 | 'thresholdNanos':-1 | expected thresholdNanos above 0, but found -1",
                "'name':'udp-ipv4',     | ``                 | expected 'name' in",
                "'name'                 | 'name              | cannot read the probes' configuration",
            })
    void saysWhatIsWrong(String part, String replacement, String message) {
        String broken = PROBE.replace(part, replacement);
        assertThat(broken).isNotEqualTo(PROBE);
        assertThatThrownBy(() -> parse("{'clients':[{'client':'c','probes':[" + broken + "]}]}"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{'clients':[]}", "{}", "[]", "7", "{", "`` "})
    void wantsProbes(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(InvalidConfigurationException.class);
    }

    private static ProbeConfiguration parse(String json) throws InvalidConfigurationException {
        return ProbeConfiguration.parse(json.replace('\'', '"'));
    }
}
