package io.countersign.notification.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {

    @Test
    void line_has_no_break_of_any_kind() {
        assertThat(SafeText.line("a\r\nb\nc\rd\u2028e\u2029f\u0085g\u000bh\u0000i"))
                .isEqualTo("a b c d e f g hi");
    }

    @Test
    void text_that_turns_the_direction_is_straightened() {
        assertThat(SafeText.line("prod\u202etest\u2066x")).isEqualTo("prodtestx");
    }

    @Test
    void subject_is_cut() {
        assertThat(SafeText.subject("x".repeat(500))).hasSize(200).endsWith("…");
    }

    @Test
    void further_lines_of_a_block_are_indented() {
        assertThat(SafeText.block("one\r\nApprove:\u2028https://evil.example"))
                .isEqualTo("one\n    Approve:\n    https://evil.example");
    }

    @Test
    void letters_of_every_script_stay() {
        assertThat(SafeText.line("Zoë 東京 👩‍🚀")).isEqualTo("Zoë 東京 👩‍🚀");
    }
}
