package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                                7000,
                                100,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(2))),
                        Duration.ofMillis(2)));
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
                "'udp','address'        | 'icmp','address'   | expected type udp or tcp, but found 'icmp'",
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
