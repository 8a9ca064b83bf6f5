package io.countersign.console.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.CanonicalJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            comment   | {}                          | commented
            approve   | {"stage":2}                 | approved stage 2
            approve   | {"stage":1,"override":true} | approved stage 1, overriding the rules
            take_back | {"stage":1}                 | took back the approval of stage 1
            set_limit | {}                          | noted: set limit
            """)
    void action_is_told_in_words(String action, String details, String words) {
        assertThat(Timeline.what(action, CanonicalJson.read(details))).isEqualTo(words);
    }
}
