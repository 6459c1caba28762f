package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The examples of RFC 5952 §2 and §4, and the plain ones. */
    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, 203.0.113.10, ipv4",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, ipv6",
        "2001:0DB8:0000::0001, 2001:db8::1, ipv6",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, ipv6",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1, ipv6",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:AaAa, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa, ipv6",
        "fc00:dc1::, fc00:dc1::, ipv6",
        "::, ::, ipv6",
        "0:0:0:0:0:0:0:1, ::1, ipv6",
    })
    void hasOneText(String written, String text, String family) {
        IpAddress address = IpAddress.parse(written);

        assertThat(address.text()).isEqualTo(text);
        assertThat(address.family()).isEqualTo(family);
        assertThat(IpAddress.parse(address.text())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4.",
                "2001:db8::1::2",
                "fe80::1%eth0",
                "::ffff:1.2.3.4",
                "12345::1",
                ":",
                "1:2:3:4:5:6:7:8:9"
            })
    void rejectsWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found '"
                        + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"[2001:db8::1], without brackets", "203.0.113.10/32, without a prefix length"})
    void saysWhatToLeaveOut(String text, String advice) {
        assertThatThrownBy(() -> IpAddress.parse(text)).hasMessageEndingWith("'; write it " + advice);
    }
}
