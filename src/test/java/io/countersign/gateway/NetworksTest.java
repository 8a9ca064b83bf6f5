package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "192.0.2.7, 192.0.2.7/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255, 255.255.255.255/32",
        "2001:db8::/32, 2001:db8::/32",
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1/128",
        "::/0, ::/0",
        "::1, ::1/128",
        "fe80:0:0:1:0:0:0:0/64, fe80:0:0:1::/64",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8/128",
        "10:0:0:10:0:0:0:1, 10:0:0:10::1/128",
        "2001:db8:100:0:0:0:0:0/48, 2001:db8:100::/48",
    })
    void address_or_network_is_written_in_one_form(String text, String network) {
        assertThat(Networks.parse(text)).hasValue(network);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1 ",
                "167772160",
                "0x0a.0.0.1",
                "example.com",
                "localhost",
                "fe80::1%eth0",
                "2001:db8::1/32",
                "2001:db8::/129",
                "2001:db8:::1",
                "::ffff:10.0.0.1",
                "::ffff:a00:1",
                "1:2:3:4:5:6:7",
                "12345::",
                ":",
                "١٠.0.0.1",
            })
    void anything_else_is_refused(String text) {
        assertThat(Networks.parse(text)).isEmpty();
    }
}
